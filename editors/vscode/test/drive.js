// Opens the workbench in chromium, runs the checks one after the other and says a line about each.
"use strict";

const path = require("node:path");
const { parseArgs, stripVTControlCharacters } = require("node:util");
const { chromium } = require("playwright-core");

const { checks } = require("./checks.js");
const { Workbench } = require("./workbench.js");

async function main() {
    const { values } = parseArgs({
        options: {
            address: { type: "string" },
            state: { type: "string" },
            pictures: { type: "string" },
            only: { type: "string", default: "" },
        },
    });
    const context = await chromium.launchPersistentContext(path.join(values.state, "browser"), {
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        viewport: { width: 1380, height: 860 },
    });
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(15_000);
    const workbench = new Workbench(page, values.address, values.state);
    workbench.set({});
    workbench.setUser({});
    const picture = (name) => page.screenshot({ path: path.join(values.pictures, `${name}.png`) });

    let passed = 0;
    let failed = 0;
    await workbench.load();
    for (const { name, run } of checks.filter((check) => check.name.includes(values.only))) {
        const start = Date.now();
        try {
            await run(workbench, picture);
            passed += 1;
            console.log(`ok   ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
        } catch (error) {
            failed += 1;
            await picture(`failed-${failed}`);
            const message = stripVTControlCharacters(error.message);
            console.log(`FAIL ${name}: ${message.split("\n").slice(0, 6).join("\n     ")}`);
            await workbench.recover();
        }
    }
    await context.close();
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 && passed > 0 ? 0 : 1;
}

main().then(
    (status) => process.exit(status),
    (error) => {
        console.error(error);
        process.exit(1);
    },
);
