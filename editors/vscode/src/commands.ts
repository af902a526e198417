import { dirname, relative } from "node:path";
import * as vscode from "vscode";

import { findBinary, runBinary } from "./binary";
import type { Pages } from "./pages";
import { DOCUMENTS, OPEN_RULE, type Server } from "./server";

interface Rule {
    code: string;
    name: string;
    category: string;
    severity: string;
    summary: string;
}

export function registerCommands(
    context: vscode.ExtensionContext,
    server: Server,
    pages: Pages,
): vscode.Disposable {
    const run = async (args: string[], folder?: string): Promise<string> => {
        const binary = await findBinary(context);
        if ("problem" in binary) {
            throw new Error(binary.problem);
        }
        return runBinary(binary.path, args, folder);
    };
    const explain = async (code: string): Promise<void> =>
        pages.show(`rules/${code}`, await run(["explain", code]));

    return vscode.Disposable.from(
        vscode.commands.registerCommand("akslint.restart", () => server.restart()),
        vscode.commands.registerCommand("akslint.showOutput", () => server.output.show()),
        vscode.commands.registerCommand("akslint.showNetwork", async () => {
            const subject = await subjectOfNetwork();
            if (subject !== undefined) {
                const text = await run(["network", ...subject.paths], subject.folder);
                await pages.show(`${subject.name}/AKS network`, text === "" ? "There is no AKS network here.\n" : text);
            }
        }),
        vscode.commands.registerCommand("akslint.explainRule", async (code?: unknown) => {
            const chosen = typeof code === "string" ? code : await chooseRule(run);
            if (chosen !== undefined) {
                await explain(chosen);
            }
        }),
        // Not in the palette: code actions of the server name it.
        vscode.commands.registerCommand(OPEN_RULE, async (rule?: unknown) => {
            if (typeof rule !== "string") {
                return;
            }
            if (rule.startsWith("https://")) {
                await vscode.env.openExternal(vscode.Uri.parse(rule));
            } else {
                await explain(rule);
            }
        }),
    );
}

/**
 * The deployments of the file in front, since a workspace can hold hundreds; without such a file, a workspace
 * folder.
 */
async function subjectOfNetwork(): Promise<{ name: string; folder: string; paths: string[] } | undefined> {
    const document = vscode.window.activeTextEditor?.document;
    if (document?.uri.scheme === "file" && vscode.languages.match(DOCUMENTS, document) > 0) {
        const file = document.uri.fsPath;
        const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? dirname(file);
        // A file outside the workspace has its folder as the whole world.
        const path = relative(folder, file);
        return { name: path.replaceAll("\\", "/"), folder, paths: [path] };
    }
    const folders = vscode.workspace.workspaceFolders ?? [];
    const folder = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
    if (folder === undefined) {
        if (folders.length === 0) {
            void vscode.window.showInformationMessage("Open a folder or a file to see its network.");
        }
        return undefined;
    }
    return { name: folder.name, folder: folder.uri.fsPath, paths: [] };
}

/** The rules whose findings stand at the cursor come first. */
async function chooseRule(run: (args: string[]) => Promise<string>): Promise<string | undefined> {
    const rules = JSON.parse(await run(["rules", "--format", "json"])) as Rule[];
    const atCursor = codesAtCursor();
    const item = (rule: Rule): vscode.QuickPickItem & { code: string } => ({
        code: rule.code,
        label: `${rule.code} ${rule.name}`,
        description: `${rule.severity}, ${rule.category}`,
        detail: rule.summary,
    });
    const items = [
        ...rules.filter((rule) => atCursor.has(rule.code)),
        ...rules.filter((rule) => !atCursor.has(rule.code)),
    ].map(item);
    const chosen = await vscode.window.showQuickPick(items, {
        placeHolder: "A rule to explain",
        matchOnDescription: true,
        matchOnDetail: true,
    });
    return chosen?.code;
}

function codesAtCursor(): Set<string> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) {
        return new Set();
    }
    return new Set(
        vscode.languages
            .getDiagnostics(editor.document.uri)
            .filter((finding) => finding.source === "akslint" && finding.range.contains(editor.selection.active))
            .map((finding) => codeOf(finding)),
    );
}

function codeOf(finding: vscode.Diagnostic): string {
    return String(typeof finding.code === "object" ? finding.code.value : finding.code);
}
