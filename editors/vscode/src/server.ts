import * as vscode from "vscode";
import { LanguageClient, State, type LanguageClientOptions } from "vscode-languageclient/node";

import { findBinary } from "./binary";

/** Language ids of Terraform, Bicep, templates, and of the extensions that stand beside this one. */
const LANGUAGES = ["terraform", "terraform-vars", "bicep", "bicep-params", "json", "jsonc", "arm-template"];
/** Files that another extension may know by an id of its own, such as OpenTofu's. */
const PATTERN = "**/*.{tf,tofu,tfvars,bicep,bicepparam}";
/** How often a server that ended by itself is started again within three minutes. */
const RESTARTS = 5;

/** Shows the page of the rule whose code or address is the argument. */
export const OPEN_RULE = "akslint.openRule";

export const DOCUMENTS = [
    ...["file", "untitled"].flatMap((scheme) => LANGUAGES.map((language) => ({ scheme, language }))),
    { scheme: "file", pattern: PATTERN },
];

export type Condition =
    | { kind: "off" }
    | { kind: "starting" }
    | { kind: "running"; version: string }
    | { kind: "failed"; problem: string };

/** The one server of this window. Starting and stopping happen one after the other, in the order asked for. */
export class Server {
    private client: LanguageClient | undefined;
    private last: Promise<void> = Promise.resolve();
    private readonly changed = new vscode.EventEmitter<Condition>();
    readonly onDidChangeCondition = this.changed.event;

    constructor(
        private readonly context: vscode.ExtensionContext,
        readonly output: vscode.OutputChannel,
    ) {}

    /** Ends the server if it runs, and starts it anew if it is wanted. */
    restart(): Promise<void> {
        return this.afterLast(async () => {
            await this.end();
            await this.begin();
        });
    }

    stop(): Promise<void> {
        return this.afterLast(() => this.end());
    }

    private afterLast(step: () => Promise<void>): Promise<void> {
        this.last = this.last.then(step, step);
        return this.last;
    }

    private async begin(): Promise<void> {
        if (!vscode.workspace.getConfiguration("akslint").get<boolean>("enable", true)) {
            this.changed.fire({ kind: "off" });
            return;
        }
        const binary = await findBinary(this.context);
        if ("problem" in binary) {
            this.output.appendLine(binary.problem);
            this.changed.fire({ kind: "failed", problem: binary.problem });
            void tellThatNoneWasFound(binary.problem);
            return;
        }
        this.output.appendLine(`Starts ${binary.path} server (${binary.from}).`);
        this.changed.fire({ kind: "starting" });
        const client = new LanguageClient(
            "akslint",
            "akslint",
            { command: binary.path, args: ["server"], options: { env: process.env } },
            this.clientOptions(),
        );
        this.client = client;
        client.onDidChangeState(({ newState }) => {
            if (this.client === client) {
                this.changed.fire(conditionOf(client, newState));
            }
        });
        try {
            await client.start();
        } catch (error) {
            const problem = error instanceof Error ? error.message : String(error);
            this.output.appendLine(`The server did not start: ${problem}`);
            this.changed.fire({ kind: "failed", problem });
        }
    }

    private async end(): Promise<void> {
        const client = this.client;
        this.client = undefined;
        if (client === undefined) {
            return;
        }
        try {
            await client.dispose();
        } catch {
            // A server that never started or has ended cannot be asked to stop: it is gone all the same.
        }
        this.changed.fire({ kind: "off" });
    }

    private clientOptions(): LanguageClientOptions {
        return {
            documentSelector: DOCUMENTS,
            outputChannel: this.output,
            // Code actions may name the commands that are told here.
            initializationOptions: { ...vscode.workspace.getConfiguration("akslint"), commands: [OPEN_RULE] },
            synchronize: { configurationSection: "akslint" },
            connectionOptions: { maxRestartCount: RESTARTS },
        };
    }
}

function conditionOf(client: LanguageClient, state: State): Condition {
    switch (state) {
        case State.Starting:
            return { kind: "starting" };
        case State.Running:
            return { kind: "running", version: client.initializeResult?.serverInfo?.version ?? "" };
        case State.Stopped:
            return { kind: "failed", problem: "The server has stopped." };
    }
}

async function tellThatNoneWasFound(problem: string): Promise<void> {
    const settings = "Open Settings";
    const install = "How to Install";
    const choice = await vscode.window.showErrorMessage(`akslint does not run. ${problem}`, settings, install);
    if (choice === settings) {
        await vscode.commands.executeCommand("workbench.action.openSettings", "akslint.path");
    } else if (choice === install) {
        await vscode.env.openExternal(vscode.Uri.parse("https://github.com/akslint/akslint#install"));
    }
}
