import * as vscode from "vscode";

import type { Condition, Server } from "./server";

/** Findings change with every keystroke; the number need not. */
const PAUSE_MS = 200;

/** Says in the status bar whether the server runs and how many findings it has. */
export class Status {
    private readonly item = vscode.window.createStatusBarItem("akslint", vscode.StatusBarAlignment.Left);
    private condition: Condition = { kind: "off" };
    private timer: NodeJS.Timeout | undefined;

    constructor() {
        this.item.name = "akslint";
        this.item.command = "workbench.actions.view.problems";
    }

    follow(server: Server): vscode.Disposable {
        return vscode.Disposable.from(
            server.onDidChangeCondition((condition) => {
                this.condition = condition;
                this.draw();
            }),
            vscode.languages.onDidChangeDiagnostics(() => {
                this.timer ??= setTimeout(() => {
                    this.timer = undefined;
                    this.draw();
                }, PAUSE_MS);
            }),
            new vscode.Disposable(() => clearTimeout(this.timer)),
            this.item,
        );
    }

    private draw(): void {
        const { item, condition } = this;
        item.backgroundColor = undefined;
        switch (condition.kind) {
            case "off":
                item.hide();
                return;
            case "starting":
                item.text = "$(sync~spin) akslint";
                item.tooltip = tooltip("akslint starts");
                break;
            case "running": {
                const count = countFindings();
                item.text = count === 0 ? "$(pass) akslint" : `$(warning) akslint: ${count}`;
                const findings = count === 1 ? "1 finding" : `${count} findings`;
                item.tooltip = tooltip(`akslint ${condition.version}: ${findings}`);
                break;
            }
            case "failed":
                item.text = "$(error) akslint";
                item.tooltip = tooltip(condition.problem);
                item.backgroundColor = new vscode.ThemeColor("statusBarItem.errorBackground");
                break;
        }
        item.show();
    }
}

function countFindings(): number {
    return vscode.languages
        .getDiagnostics()
        .flatMap(([, findings]) => findings)
        .filter((finding) => finding.source === "akslint").length;
}

function tooltip(text: string): vscode.MarkdownString {
    const markdown = new vscode.MarkdownString();
    markdown.appendText(text);
    markdown.appendMarkdown(
        "\n\n[Restart](command:akslint.restart) · [Output](command:akslint.showOutput) · " +
            "[Network](command:akslint.showNetwork) · [Rules](command:akslint.explainRule)",
    );
    markdown.isTrusted = {
        enabledCommands: ["akslint.restart", "akslint.showOutput", "akslint.showNetwork", "akslint.explainRule"],
    };
    return markdown;
}
