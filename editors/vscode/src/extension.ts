import * as vscode from "vscode";

import { registerCommands } from "./commands";
import { Pages } from "./pages";
import { Server } from "./server";
import { Status } from "./status";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    const output = vscode.window.createOutputChannel("akslint");
    const pages = new Pages();
    const started = new Server(context, output);
    server = started;
    context.subscriptions.push(
        output,
        pages.register(),
        registerCommands(context, started, pages),
        new Status().follow(started),
        vscode.workspace.onDidChangeConfiguration((change) => {
            if (change.affectsConfiguration("akslint.path") || change.affectsConfiguration("akslint.enable")) {
                void started.restart();
            }
        }),
        // A trusted workspace may name the program to run.
        vscode.workspace.onDidGrantWorkspaceTrust(() => void started.restart()),
    );
    await started.restart();
}

export async function deactivate(): Promise<void> {
    await server?.stop();
}
