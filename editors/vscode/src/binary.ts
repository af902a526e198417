import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import * as vscode from "vscode";

/** The program that runs as the server, or why there is none. */
export type Binary = { path: string; from: "setting" | "extension" | "PATH" } | { problem: string };

const FILE_NAME = process.platform === "win32" ? "akslint.exe" : "akslint";
/** What one run may take and print before it is given up. */
const LONGEST_RUN_MS = 60_000;
const LONGEST_OUTPUT = 64 * 1024 * 1024;

/** The setting wins, also when it is wrong: another program than the one asked for would surprise. */
export async function findBinary(context: vscode.ExtensionContext): Promise<Binary> {
    const setting = vscode.workspace.getConfiguration("akslint").get<string>("path", "").trim();
    if (setting !== "") {
        const path = expand(setting);
        if (!isAbsolute(path) && !/[\\/]/.test(path)) {
            const onPath = await findOnPath(path);
            return onPath === undefined
                ? { problem: `akslint.path is "${setting}", and no folder of PATH has a program of that name.` }
                : { path: onPath, from: "setting" };
        }
        return (await isExecutable(path))
            ? { path, from: "setting" }
            : { problem: `akslint.path is "${setting}", which is not a program.` };
    }
    const bundled = context.asAbsolutePath(join("bin", FILE_NAME));
    if (await isExecutable(bundled)) {
        return { path: bundled, from: "extension" };
    }
    const onPath = await findOnPath(FILE_NAME);
    return onPath === undefined
        ? { problem: "This package of the extension has no akslint for this system inside, and PATH has none." }
        : { path: onPath, from: "PATH" };
}

/** Runs `akslint ARGUMENTS` to its end. Findings (exit status 1) are an answer, not a failure. */
export function runBinary(path: string, args: string[], folder?: string): Promise<string> {
    return new Promise((resolve, reject) => {
        const options = { cwd: folder, timeout: LONGEST_RUN_MS, maxBuffer: LONGEST_OUTPUT };
        execFile(path, args, options, (error, stdout, stderr) => {
            if (error === null || error.code === 1) {
                resolve(stdout);
            } else {
                reject(new Error(stderr.trim() === "" ? error.message : stderr.trim()));
            }
        });
    });
}

function expand(setting: string): string {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const path = setting.replace(/^~(?=[\\/]|$)/, () => homedir());
    return folder === undefined ? path : path.replaceAll("${workspaceFolder}", () => folder);
}

async function findOnPath(name: string): Promise<string | undefined> {
    for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
        // A relative folder would mean the workspace's own files.
        if (isAbsolute(folder) && (await isExecutable(join(folder, name)))) {
            return join(folder, name);
        }
    }
    return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
    try {
        await access(path, constants.X_OK);
        return (await stat(path)).isFile();
    } catch {
        return false;
    }
}
