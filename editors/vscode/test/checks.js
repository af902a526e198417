// What a user does and must then see, in order: each check leaves the workbench as the next one expects it.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");

const { eventually, settles } = require("./workbench.js");

const NODE_RANGE = "cidrsubnet(var.address_space, 6, 2)";

const UNTITLED = `resource "azurerm_kubernetes_cluster" "draft" {
  name       = "aks-draft"
  dns_prefix = "draft"

  network_profile {
    network_plugin = "azure"
    service_cidr   = "10.8.0.0/16"
    dns_service_ip = "10.9.0.10"
  }
}
`;

/** The processes that run the packed server, by what they were started with. */
function servers(workbench) {
    return fs
        .readdirSync("/proc")
        .filter((entry) => /^\d+$/.test(entry))
        .filter((pid) => {
            try {
                const words = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
                const program = words.findIndex((word) => word.startsWith(path.dirname(workbench.folder)));
                return words[program]?.endsWith("/bin/akslint") && words[program + 1] === "server";
            } catch {
                // It has ended meanwhile.
                return false;
            }
        })
        .map(Number);
}

function oneServer(workbench, otherThan) {
    return eventually("one server runs", (saw) => {
        const pids = servers(workbench);
        saw(pids);
        return pids.length === 1 && pids[0] !== otherThan ? pids[0] : undefined;
    });
}

function problemsWith(workbench, what, fits) {
    return eventually(`Problems shows ${what}`, async (saw) => {
        const rows = await workbench.problems();
        saw(rows);
        return fits(rows) ? rows : undefined;
    });
}

/** A squiggle may be one of a server that has gone: one that follows an edit is not. */
async function answersEdits(workbench) {
    const { page } = workbench;
    await workbench.goTo(25, 26);
    await workbench.squiggleUnder("error", '"10.60.8.0/23"');
    await page.keyboard.press("Delete");
    await page.keyboard.type("7");
    await workbench.noSquiggleUnder("error", '"10.70.8.0/23"');
    await workbench.undoAll();
    await workbench.squiggleUnder("error", '"10.60.8.0/23"');
}

const has = (rows, ...parts) => rows.some((row) => parts.every((part) => row.includes(part)));

const checks = [];
const check = (name, run) => checks.push({ name, run });

check("Terraform: squiggles under exactly the values that are wrong", async (workbench) => {
    await workbench.open("infra/main.tf");
    await workbench.squiggleUnder("error", '"10.60.8.0/23"');
    await workbench.squiggleUnder("error", '"10.60.16.10"');
    await workbench.squiggleUnder("error", "var.sorting_max_count");
    await workbench.noSquiggleUnder("error", '"calico"');
});

check("Terraform keeps the colours of the extension beside it", async (workbench) => {
    const colours = await eventually("coloured words", async (saw) => {
        const found = await workbench.page.evaluate(() => [
            ...new Set(
                [...document.querySelectorAll(".editor-group-container.active .view-line span[class^=mtk]")].map(
                    (part) => getComputedStyle(part).color,
                ),
            ),
        ]);
        saw(found);
        return found.length >= 4 ? found : undefined;
    });
    assert.ok(colours.length >= 4);
    const mode = await workbench.page.locator("#status\\.editor\\.mode").innerText();
    assert.equal(mode.trim(), "Terraform");
});

check("hover: the message, the help and the code of a finding", async (workbench) => {
    const text = await workbench.hover('"10.60.8.0/23"', /overlaps subnet snet-nodes \(10\.60\.8\.0\/22\)/);
    assert.match(text, /AKS110/);
    assert.match(text, /172\.16\.0\.0\/23/);
    await workbench.leaveHover();
});

check("Problems: findings of all files, open or not", async (workbench) => {
    await workbench.open("infra/main.tf");
    for (const [range, file, place] of [
        ["10.60.8.0/23", "main.tf", "[Ln 25, Col 22]"],
        ["10.70.10.0/23", "main.bicep", "[Ln 42, Col 33]"],
        ["10.80.1.0/24", "azuredeploy.json", "[Ln 45, Col 26]"],
    ]) {
        await workbench.filterProblems(`service CIDR ${range}`);
        await problemsWith(workbench, `AKS110 in ${file}`, (rows) =>
            rows[0]?.startsWith(file) && has(rows, `service CIDR ${range}`, "akslint", "AKS110", place),
        );
    }
});

check("Problems: the places in other files that explain a finding", async (workbench) => {
    await workbench.open("infra/main.tf");
    await workbench.filterProblems("service CIDR 10.60.8.0/23");
    // The list fills row by row.
    const places = [
        ["network.tf [Ln 17, Col 26]", "snet-nodes"],
        ["terraform.tfvars [Ln 2, Col 21]", "set here"],
    ];
    await problemsWith(workbench, "related places", (rows) => places.every((parts) => has(rows, ...parts)));
    await workbench.filterProblems("");
});

check("status bar: the server runs, and the number of findings", async (workbench) => {
    const item = workbench.page.locator(".statusbar-item[id*=akslint]");
    await eventually("the number of findings", async (saw) => {
        const text = (await item.innerText()).trim();
        saw(text);
        return /akslint: 7/.test(text);
    });
});

check("hover: the value of an expression, its addresses and where it comes from", async (workbench) => {
    await workbench.open("infra/network.tf");
    const text = await workbench.hover(NODE_RANGE, /10\.60\.8\.0\/22/);
    assert.match(text, /1019 usable/);
    assert.match(text, /service CIDR of aks-parcels-prod/);
    await workbench.leaveHover();
});

check("inlay hints: the value of a range, and what fits; each kind can be switched off", async (workbench) => {
    await workbench.open("infra/network.tf");
    const hints = (values, capacity) =>
        eventually(`value hints ${values}, capacity hints ${capacity}`, async (saw) => {
            const shown = await workbench.hints();
            saw(shown);
            const has = (part) => shown.some((hint) => hint.includes(part));
            return has("10.60.8.0/22") === values && has("usable 251") === capacity;
        });
    await hints(true, true);
    workbench.set({ "akslint.hints.values": false });
    await hints(false, true);
    workbench.set({ "akslint.hints.capacity": false });
    await hints(true, false);
    workbench.set({ "akslint.hints.values": false, "akslint.hints.capacity": false });
    await hints(false, false);
    workbench.set({});
    await hints(true, true);
});

check("an edit of terraform.tfvars, not saved, clears the finding in main.tf, and undo brings it back", async (workbench) => {
    const { page } = workbench;
    await workbench.open("infra/terraform.tfvars");
    await workbench.filterProblems("service CIDR 10.60.8.0/23");
    const inTerraform = (rows) => has(rows, "service CIDR 10.60.8.0/23 overlaps", "AKS110");
    await problemsWith(workbench, "AKS110 in main.tf", inTerraform);
    await workbench.goTo(2, 22);
    for (const _ of "10.60") {
        await page.keyboard.press("Shift+ArrowRight");
    }
    await page.keyboard.type("10.90");
    await problemsWith(workbench, "no AKS110 in main.tf", (rows) => !inTerraform(rows));
    assert.ok((await workbench.lines()).some((line) => line.includes('"10.90.0.0/16"')));
    await workbench.undoAll();
    await problemsWith(workbench, "AKS110 in main.tf again", inTerraform);
    await workbench.filterProblems("");
});

check("a variable file that another program writes clears the finding, and brings it back", async (workbench) => {
    const file = path.join(workbench.folder, "infra", "terraform.tfvars");
    const text = fs.readFileSync(file, "utf8");
    await workbench.command("View: Close All Editors");
    await workbench.filterProblems("service CIDR 10.60.8.0/23 overlaps");
    await problemsWith(workbench, "AKS110", (rows) => has(rows, "main.tf"));
    fs.writeFileSync(file, text.replace("10.60.0.0/16", "10.90.0.0/16"));
    await problemsWith(workbench, "no AKS110", (rows) => !has(rows, "main.tf"));
    fs.writeFileSync(file, text);
    await problemsWith(workbench, "AKS110 again", (rows) => has(rows, "main.tf"));
    await workbench.filterProblems("");
});

check("quick fix: the address is replaced and the squiggle gone", async (workbench) => {
    await workbench.open("infra/main.tf");
    await workbench.goTo(26, 25);
    await workbench.squiggleUnder("error", '"10.60.16.10"');
    await workbench.quickFix(/10\.60\.8\.10/);
    await eventually("the new address in the text", async (saw) => {
        const lines = await workbench.lines();
        saw(lines.filter((line) => line.includes("dns_service_ip")));
        return lines.some((line) => line.includes('dns_service_ip = "10.60.8.10"'));
    });
    await workbench.noSquiggleUnder("error", '"10.60.8.10"');
    await workbench.squiggleUnder("error", '"10.60.8.0/23"');
    await workbench.undoAll();
    await workbench.squiggleUnder("error", '"10.60.16.10"');
});

check("saving makes the safe fixes, where the user wants that", async (workbench) => {
    const file = path.join(workbench.folder, "infra", "main.tf");
    const text = fs.readFileSync(file, "utf8");
    workbench.set({ "editor.codeActionsOnSave": { "source.fixAll.akslint": "explicit" } });
    await workbench.open("infra/main.tf");
    await workbench.goTo(26, 25);
    await workbench.squiggleUnder("error", '"10.60.16.10"');
    await workbench.goTo(2, 100);
    await eventually("the fix in the file", async (saw) => {
        // The setting may not have arrived yet at the first try.
        await workbench.page.keyboard.type(" ");
        await workbench.page.keyboard.press("Control+S");
        await new Promise((resolve) => setTimeout(resolve, 1000));
        const line = fs.readFileSync(file, "utf8").split("\n")[25];
        saw(line);
        return line === '    dns_service_ip = "10.60.8.10"';
    });
    workbench.set({});
    await workbench.command("View: Close All Editors");
    fs.writeFileSync(file, text);
    await workbench.open("infra/main.tf");
    await workbench.goTo(26, 25);
    await workbench.squiggleUnder("error", '"10.60.16.10"');
});

check("light bulb: a finding is suppressed by a comment", async (workbench) => {
    await workbench.open("infra/main.tf");
    await workbench.goTo(38, 30);
    await workbench.squiggleUnder("error", "var.sorting_max_count");
    await workbench.quickFix(/ignore AKS201/i);
    await eventually("a comment that suppresses", async (saw) => {
        const lines = await workbench.lines();
        saw(lines);
        return lines.some((line) => line.includes("akslint: ignore[AKS201]"));
    });
    await workbench.noSquiggleUnder("error", "var.sorting_max_count");
    await workbench.undoAll();
    await workbench.squiggleUnder("error", "var.sorting_max_count");
});

check("light bulb: the page of the rule", async (workbench) => {
    await workbench.open("infra/main.tf");
    await workbench.goTo(25, 25);
    await workbench.squiggleUnder("error", '"10.60.8.0/23"');
    await workbench.quickFix(/page of AKS110/);
    await workbench.page.locator(".tab.active", { hasText: "AKS110" }).first().waitFor();
    await eventually("the rule's page", async () =>
        (await workbench.lines()).some((line) => line.includes("AKS110 service-cidr-overlaps-subnet")),
    );
    await workbench.command("View: Close All Editors");
});

check("setting akslint.definitions: a value leads to the line that sets it", async (workbench) => {
    const { page } = workbench;
    workbench.set({ "akslint.definitions": true });
    await workbench.open("infra/main.tf");
    await workbench.goTo(38, 35);
    await eventually("the line of the variable file", async () => {
        await page.keyboard.press("F12");
        const tab = page.locator(".editor-group-container.active .tab.active", { hasText: "terraform.tfvars" });
        return settles(() => tab.waitFor({ timeout: 1500 }));
    });
    workbench.set({});
});

check("Bicep: a squiggle behind characters outside the basic plane", async (workbench) => {
    await workbench.open("bicep/main.bicep");
    await workbench.goTo(42, 1);
    await workbench.squiggleUnder("error", "'10.70.10.0/23'");
});

check("ARM template: a squiggle under the service CIDR", async (workbench) => {
    await workbench.open("arm/azuredeploy.json");
    await workbench.goTo(45, 1);
    await workbench.squiggleUnder("error", '"10.80.1.0/24"');
});

check("a document that was never saved has findings", async (workbench) => {
    const { page } = workbench;
    await workbench.command("View: Close All Editors");
    await workbench.command("File: New Untitled Text File");
    await page.locator(".tab.active", { hasText: "Untitled-1" }).waitFor();
    await workbench.command("Change Language Mode");
    const input = page.locator(".quick-input-widget input[type=text]");
    await input.fill("Terraform");
    await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: "Terraform" }).waitFor();
    await page.keyboard.press("Enter");
    await input.waitFor({ state: "hidden" });
    await page.keyboard.insertText(UNTITLED);
    await workbench.squiggleUnder("error", '"10.9.0.10"');
    await workbench.command("View: Close All Editors");
    await page.locator(".monaco-dialog-box .monaco-button", { hasText: "Don't Save" }).click();
    await page.locator(".editor-group-container .tab").first().waitFor({ state: "detached" });
});

check("command Show Network: what was understood, in a page that cannot be edited", async (workbench) => {
    await workbench.open("infra/main.tf");
    await workbench.command("akslint: Show Network");
    await workbench.page.locator(".tab.active", { hasText: "AKS network" }).first().waitFor();
    await eventually("the cluster's ranges", async (saw) => {
        const lines = await workbench.lines();
        saw(lines.slice(0, 8));
        return lines.some((line) => /service cidrs: \[10\.60\.8\.0\/23\]/.test(line));
    });
    const before = await workbench.lines();
    await workbench.page.keyboard.type("x");
    assert.deepEqual(await workbench.lines(), before);
    await workbench.command("View: Close All Editors");
});

check("command Explain Rule: the rule at the cursor comes first, its page is shown", async (workbench) => {
    await workbench.open("infra/main.tf");
    await workbench.goTo(38, 30);
    await workbench.squiggleUnder("error", "var.sorting_max_count");
    await workbench.command("akslint: Explain Rule");
    const rows = workbench.page.locator(".quick-input-list .monaco-list-row");
    await rows.filter({ hasText: "AKS201 node-subnet-capacity" }).first().waitFor();
    assert.match(await rows.first().innerText(), /AKS201/);
    await workbench.page.keyboard.press("Enter");
    await workbench.page.locator(".tab.active", { hasText: "AKS201" }).first().waitFor();
    await eventually("the rule's page", async () =>
        (await workbench.lines()).some((line) => line.includes("AKS201 node-subnet-capacity")),
    );
    await workbench.command("View: Close All Editors");
});

check("command Restart Server: another process, which answers", async (workbench) => {
    const first = await oneServer(workbench);
    await workbench.open("infra/main.tf");
    await workbench.command("akslint: Restart Server");
    await oneServer(workbench, first);
    await answersEdits(workbench);
});

check("a server that is killed is started again, five times at most, which is said", async (workbench) => {
    const { page } = workbench;
    let server = await oneServer(workbench);
    for (let restart = 1; restart <= 5; restart += 1) {
        process.kill(server, "SIGKILL");
        server = await oneServer(workbench, server);
        // One that is killed while it starts has failed to start, which is another matter.
        await answersEdits(workbench);
    }
    process.kill(server, "SIGKILL");
    await workbench.notification("akslint server crashed 6 times");
    assert.deepEqual(servers(workbench), []);
    assert.match(await page.locator(".statusbar-item[id*=akslint] .statusbar-item-label").innerHTML(), /codicon-error/);
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.command("akslint: Restart Server");
    await oneServer(workbench);
    await answersEdits(workbench);
});

check("setting akslint.enable off: no server, no findings; on: both again", async (workbench) => {
    workbench.set({ "akslint.enable": false });
    await eventually("no server", () => servers(workbench).length === 0);
    await workbench.noSquiggleUnder("error", '"10.60.8.0/23"');
    workbench.set({});
    await oneServer(workbench);
    await workbench.squiggleUnder("error", '"10.60.8.0/23"');
});

check("setting akslint.path wrong: a message that names it, with a way to the setting", async (workbench) => {
    workbench.set({ "akslint.path": "/nowhere/akslint" });
    const notification = await workbench.notification("/nowhere/akslint");
    await notification.getByText("Open Settings").waitFor();
    workbench.set({});
    await workbench.command("Notifications: Clear All Notifications");
    await oneServer(workbench);
    await workbench.squiggleUnder("error", '"10.60.8.0/23"');
});

for (const [name, theme, kind] of [
    ["dark", "Default Dark Modern", "vs-dark"],
    ["light", "Default Light Modern", "vs"],
]) {
    check(`pictures, ${name}`, async (workbench, picture) => {
        workbench.set({ "workbench.colorTheme": theme });
        await workbench.page.locator(`.monaco-workbench.${kind}`).waitFor();
        await workbench.filterProblems("**/infra/**");
        await workbench.scrollProblemsUp();
        await workbench.open("infra/network.tf");
        await workbench.goTo(12, 1);
        await workbench.hover(NODE_RANGE, /10\.60\.8\.0\/22/);
        await picture(`${name}-hints`);
        await workbench.leaveHover();
        await workbench.open("infra/main.tf");
        await workbench.goTo(25, 22);
        await workbench.squiggleUnder("error", '"10.60.8.0/23"');
        await workbench.hover('"10.60.8.0/23"', /overlaps subnet/);
        await picture(`${name}-finding`);
        await workbench.leaveHover();
        await workbench.goTo(26, 25);
        await workbench.page.keyboard.press("Control+.");
        await workbench.page.locator(".action-widget .monaco-list-row.action").first().waitFor();
        await picture(`${name}-quick-fix`);
        await workbench.page.keyboard.press("Escape");
        await workbench.open("bicep/main.bicep");
        await workbench.goTo(42, 34);
        await workbench.squiggleUnder("error", "'10.70.10.0/23'");
        await picture(`${name}-bicep`);
    });
}

// The last one, since it leaves the workbench restricted.
check("a workspace that is not trusted: findings, but not by a program that it names", async (workbench) => {
    const { page } = workbench;
    workbench.set({ "akslint.path": "/nowhere/akslint" });
    workbench.setUser({ "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" });
    await workbench.reload();
    await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await workbench.open("infra/main.tf");
    await oneServer(workbench);
    await answersEdits(workbench);
});

module.exports = { checks };
