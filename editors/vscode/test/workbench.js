// The workbench as a user sees it: what is opened, typed and pointed at, and what is then on the screen.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const LONGEST_WAIT_MS = 15_000;
/** Squiggles are drawn a pixel or so wider than the text. */
const TOLERANCE_PX = 3;

const USER_SETTINGS = {
    "chat.disableAIFeatures": true,
    "extensions.autoCheckUpdates": false,
    "security.workspace.trust.enabled": false,
    "telemetry.telemetryLevel": "off",
    "workbench.startupEditor": "none",
};

const SETTINGS = {
    "editor.hover.delay": 100,
    "editor.minimap.enabled": false,
    "files.autoSave": "off",
    "files.exclude": { "**/.vscode": true },
};

/** Waits until `look` answers something; fails with what it saw last. */
async function eventually(what, look, longest = LONGEST_WAIT_MS) {
    const end = Date.now() + longest;
    let seen;
    for (;;) {
        const answer = await look((value) => (seen = value));
        if (answer) {
            return answer;
        }
        if (Date.now() > end) {
            const last = seen === undefined ? "" : `; last seen: ${JSON.stringify(seen)}`;
            throw new Error(`not within ${longest / 1000} s: ${what}${last}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

/** Whether it came to an end without failing. */
function settles(step) {
    return step().then(
        () => true,
        () => false,
    );
}

class Workbench {
    constructor(page, address, state) {
        this.page = page;
        this.folder = path.join(state, "parcels");
        this.address = `${address}/?folder=${encodeURIComponent(this.folder)}`;
        this.userSettings = path.join(state, "data", "User", "settings.json");
        this.settings = path.join(this.folder, ".vscode", "settings.json");
    }

    /** Writes the folder's settings: the test's own, and these. */
    set(settings) {
        fs.mkdirSync(path.dirname(this.settings), { recursive: true });
        fs.writeFileSync(this.settings, JSON.stringify({ ...SETTINGS, ...settings }, null, 2));
    }

    /** Writes the user's settings, which count from the next time that the workbench is loaded. */
    setUser(settings) {
        fs.writeFileSync(this.userSettings, JSON.stringify({ ...USER_SETTINGS, ...settings }, null, 2));
    }

    async load() {
        await this.page.goto(this.address);
        await this.page
            .locator(".monaco-workbench .explorer-folders-view .monaco-list-row")
            .first()
            .waitFor({ timeout: 60_000 });
    }

    /** Loads the workbench anew, without the editors that were open. */
    async reload() {
        await this.command("View: Close All Editors");
        await this.page.goto("about:blank");
        await this.load();
    }

    /** Runs a command of the palette by its title. */
    async command(title) {
        const { page } = this;
        await page.keyboard.press("F1");
        const input = page.locator(".quick-input-widget input[type=text]");
        await input.waitFor({ state: "visible" });
        await input.fill(`>${title}`);
        await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click();
        await settles(() => input.waitFor({ state: "hidden", timeout: 500 }));
    }

    /** Opens a file of the folder and waits until it is the one that is edited. */
    async open(file) {
        const { page } = this;
        const name = path.basename(file);
        const tab = page.locator(".editor-group-container.active .tab.active", { hasText: name });
        // The list of files changes under the hand while it is searched, so that Enter can come too early.
        await eventually(`the tab of ${file}`, async () => {
            await page.keyboard.press("Control+P");
            const input = page.locator(".quick-input-widget input[type=text]");
            await input.waitFor({ state: "visible" });
            await input.fill(path.join(this.folder, file));
            await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: name }).waitFor();
            await page.keyboard.press("Enter");
            await input.waitFor({ state: "hidden" });
            return (await settles(() => tab.first().waitFor({ timeout: 2000 }))) && tab.first().isVisible();
        });
        await page.locator(".editor-group-container.active .view-lines .view-line").first().waitFor();
    }

    /** Puts the cursor at a place, counted from 1 in UTF-16 units, and the editor in focus. */
    async goTo(line, column) {
        const { page } = this;
        await page.keyboard.press("Control+G");
        const input = page.locator(".quick-input-widget input[type=text]");
        await input.waitFor({ state: "visible" });
        await input.fill(`:${line}:${column}`);
        await page.keyboard.press("Enter");
        await input.waitFor({ state: "hidden" });
    }

    /** Where each occurrence of the text stands on the screen, in the editor in front. */
    rectanglesOf(text) {
        return this.page.evaluate((needle) => {
            const answer = [];
            for (const line of document.querySelectorAll(".editor-group-container.active .view-line")) {
                const whole = line.textContent.replaceAll("\u00a0", " ");
                const at = whole.indexOf(needle);
                if (at < 0) {
                    continue;
                }
                const range = document.createRange();
                const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
                let before = 0;
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    const length = node.textContent.length;
                    if (before <= at && at < before + length) {
                        range.setStart(node, at - before);
                    }
                    const end = at + needle.length;
                    if (before < end && end <= before + length) {
                        range.setEnd(node, end - before);
                    }
                    before += length;
                }
                const { left, right, top, bottom } = range.getBoundingClientRect();
                answer.push({ left, right, top, bottom });
            }
            return answer;
        }, text);
    }

    squiggles(severity) {
        return this.page.evaluate((name) => {
            const marks = document.querySelectorAll(`.editor-group-container.active .cdr.squiggly-${name}`);
            return [...marks].map((mark) => {
                const { left, right, top, bottom } = mark.getBoundingClientRect();
                return { left, right, top, bottom };
            });
        }, severity);
    }

    /** Whether a squiggle of this severity stands under exactly this text. */
    async hasSquiggle(severity, text) {
        const [place] = await this.rectanglesOf(text);
        const marks = await this.squiggles(severity);
        return (
            place !== undefined &&
            marks.some(
                (mark) =>
                    Math.abs(mark.left - place.left) <= TOLERANCE_PX &&
                    Math.abs(mark.right - place.right) <= TOLERANCE_PX &&
                    mark.top < place.bottom &&
                    mark.bottom > place.top,
            )
        );
    }

    squiggleUnder(severity, text) {
        return eventually(`a squiggle (${severity}) under exactly ${text}`, async (saw) => {
            saw({ text: await this.rectanglesOf(text), squiggles: await this.squiggles(severity) });
            return this.hasSquiggle(severity, text);
        });
    }

    noSquiggleUnder(severity, text) {
        return eventually(`no squiggle (${severity}) under ${text}`, async () => {
            const places = await this.rectanglesOf(text);
            return places.length > 0 && !(await this.hasSquiggle(severity, text));
        });
    }

    /** Points at the beginning of the text and answers what the hover says. */
    async hover(text, expected) {
        const { page } = this;
        return eventually(`a hover over ${text} that says ${expected}`, async (saw) => {
            const [place] = await this.rectanglesOf(text);
            if (place === undefined) {
                return undefined;
            }
            // A pointer that has rested there already would not bring the hover back.
            await page.mouse.move(place.left + 5, place.bottom + 150);
            await page.mouse.move(place.left + 20, (place.top + place.bottom) / 2, { steps: 4 });
            await new Promise((resolve) => setTimeout(resolve, 900));
            const texts = await page.locator(".monaco-editor .monaco-hover:not(.hidden)").allInnerTexts();
            saw(texts);
            return texts.find((content) => expected.test(content.replaceAll("\u00a0", " ")));
        });
    }

    async leaveHover() {
        await this.page.keyboard.press("Escape");
        await this.page.mouse.move(5, 5);
    }

    /** The notification with this text. The workbench may have put it away before anybody saw it. */
    async notification(text) {
        const item = this.page.locator(".notification-list-item", { hasText: text }).first();
        await eventually(`a notification with ${text}`, async () => {
            if (await settles(() => item.waitFor({ timeout: 2000 }))) {
                return true;
            }
            await this.command("Notifications: Show Notifications");
            return item.isVisible();
        });
        return item;
    }

    /** Closes what a check that failed left open, so that the next one can be judged. */
    async recover() {
        for (let step = 0; step < 3; step += 1) {
            await this.page.keyboard.press("Escape");
        }
        this.set({});
        await settles(() => this.command("View: Close All Editors"));
        const refusal = this.page.locator(".monaco-dialog-box .monaco-button", { hasText: "Don't Save" });
        await settles(() => refusal.click({ timeout: 1000 }));
        await settles(() => this.command("Notifications: Clear All Notifications"));
    }

    /** The text of the inlay hints on the screen, line by line. */
    async hints() {
        const lines = await this.page.evaluate(() =>
            [...document.querySelectorAll(".editor-group-container.active .view-line")].map((line) =>
                [...line.querySelectorAll("[class*=dyn-rule-]")].map((part) => part.textContent).join(""),
            ),
        );
        return lines.map((line) => line.replaceAll("\u00a0", " ")).filter((line) => line.trim() !== "");
    }

    /**
     * Shows the Problems view with this filter; an empty one shows all. The view draws only what there is room
     * for, so a look at its rows needs a filter that leaves few.
     */
    async filterProblems(filter) {
        const { page } = this;
        const view = page.locator(".markers-panel");
        if (!(await view.isVisible())) {
            await this.command("Problems: Focus on Problems View");
            await view.waitFor({ state: "visible" });
        }
        const input = page.locator(".panel .viewpane-filter input, .markers-panel-action-filter input").first();
        await input.fill(filter);
    }

    async scrollProblemsUp() {
        await this.page.locator(".markers-panel").hover();
        await this.page.mouse.wheel(0, -5000);
    }

    async problems() {
        const rows = await this.page.locator(".markers-panel .monaco-list-row").allInnerTexts();
        return rows.map((row) => row.replaceAll("\u00a0", " ").replace(/\s+/g, " ").trim());
    }

    /** Chooses the first action of the light bulb at the cursor whose title fits. */
    async quickFix(title) {
        const { page } = this;
        await eventually(`the code action ${title}`, async (saw) => {
            await page.keyboard.press("Control+.");
            const rows = page.locator(".action-widget .monaco-list-row.action");
            await settles(() => rows.first().waitFor({ state: "visible", timeout: 3000 }));
            const titles = (await rows.allInnerTexts()).map((text) => text.trim());
            saw(titles);
            const index = titles.findIndex((text) => title.test(text));
            if (index < 0) {
                await page.keyboard.press("Escape");
                return false;
            }
            // Not a click of the row, which waits for a row that the list may draw anew meanwhile.
            const box = await rows.nth(index).boundingBox();
            if (box === null) {
                return false;
            }
            await page.mouse.click(box.x + 40, box.y + box.height / 2);
            await page.locator(".action-widget").waitFor({ state: "hidden" });
            return true;
        });
    }

    /** The lines of the editor in front that are on the screen. */
    async lines() {
        const lines = await this.page.evaluate(() =>
            [...document.querySelectorAll(".editor-group-container.active .view-line")]
                .sort((a, b) => parseInt(a.style.top, 10) - parseInt(b.style.top, 10))
                .map((line) => line.textContent),
        );
        return lines.map((line) => line.replaceAll("\u00a0", " "));
    }

    /** Takes back all edits of the editor in front. */
    async undoAll() {
        const { page } = this;
        const dirty = page.locator(".editor-group-container.active .tab.active.dirty");
        for (let step = 0; step < 20 && (await dirty.count()) > 0; step += 1) {
            await page.keyboard.press("Control+Z");
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        if ((await dirty.count()) > 0) {
            throw new Error("the edits could not be undone");
        }
    }
}

module.exports = { Workbench, eventually, settles };
