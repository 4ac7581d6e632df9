/** A real VS Code in a real browser, as a user has it: what is on the screen can be read, keys and clicks go in. Knows nothing of .flow. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type FrameLocator, type Locator, type Page } from "playwright-core";
import { expect } from "vitest";
import { chromiumPath } from "./chromium.ts";

const patienceMs = Number(process.env.PATIENCE_MS ?? 60_000);
/** How long a menu may take to show before its key is pressed again. */
const menuMs = 4_000;
const viewport = { width: 1400, height: 900 };

/** Settings under which a run is the same every time. */
export const calmSettings: Readonly<Record<string, unknown>> = {
  "editor.inlayHints.enabled": "offUnlessPressed",
  "editor.quickSuggestions": { other: false, comments: false, strings: false },
  "editor.suggestOnTriggerCharacters": false,
  "editor.wordBasedSuggestions": "off",
  "editor.minimap.enabled": false,
  "editor.formatOnSave": true,
  "files.autoSave": "off",
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
};

export class Editor {
  readonly page: Page;
  /** What the browser's console said, one line each. */
  readonly console: readonly string[];
  /** Requests to other machines. None should be there, and none would get through. */
  readonly outside: readonly string[];
  readonly #browser: Browser;
  readonly #artefacts: string;

  private constructor(browser: Browser, page: Page, artefacts: string) {
    this.#browser = browser;
    this.page = page;
    this.#artefacts = artefacts;
    const lines: string[] = [];
    const outside: string[] = [];
    page.on("console", (message) => lines.push(`${message.type()}: ${message.text()} (${message.location().url})`));
    page.on("pageerror", (error) => lines.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (leavesTheMachine(new URL(request.url()))) outside.push(request.url());
    });
    this.console = lines;
    this.outside = outside;
  }

  /** @param artefacts folder for pictures */
  static async open(url: string, artefacts: string): Promise<Editor> {
    mkdirSync(artefacts, { recursive: true });
    const browser = await chromium.launch({
      executablePath: chromiumPath(),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost",
      ],
    });
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(patienceMs);
    const editor = new Editor(browser, page, artefacts);
    try {
      await page.goto(url, { waitUntil: "commit" });
      await page.locator(".monaco-workbench").waitFor();
      await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
      return editor;
    } catch (error) {
      await editor.picture("failed to start");
      await browser.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  /** Takes a picture once nothing moves or fades any more, in the workbench and in webviews. */
  async picture(name: string): Promise<void> {
    const main = this.page.mainFrame();
    const frames = this.page.frames().filter((frame) => frame === main || frame.name() === "active-frame");
    await Promise.all(frames.map((frame) => frame.evaluate(stillness).catch(() => undefined)));
    await this.page.screenshot({ path: join(this.#artefacts, `${name.replace(/[^\w]+/g, "-")}.png`) });
  }

  /**
   * Does what opens a menu until the menu is there. While the workbench lays itself out, or takes the focus for another part,
   * a menu closes again just after it opened.
   */
  async open(widget: Locator, act: () => Promise<unknown>): Promise<void> {
    for (let left = 10; left > 0; left -= 1) {
      await act();
      if (await appears(widget, left === 1 ? patienceMs : menuMs)) return;
      await this.page.keyboard.press("Escape");
    }
    throw new Error(`${widget} did not open`);
  }

  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Runs a command by its title in the palette. */
  async command(title: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget .quick-input-box input");
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first();
    await this.open(row, async () => {
      await this.press("F1");
      if (await appears(input, menuMs)) await input.fill(`>${title}`, { timeout: menuMs }).catch(() => undefined);
    });
    await row.click();
  }

  /** Opens a file of the folder from the Explorer. */
  async openFile(name: string): Promise<void> {
    const row = this.page.locator(".explorer-folders-view .monaco-list-row", {
      has: this.page.getByText(name, { exact: true }),
    });
    if (!(await row.isVisible())) await this.command("View: Show Explorer");
    await row.dblclick();
    await this.page.locator(".tab.active", { hasText: name }).first().waitFor();
    await this.lines().first().waitFor();
  }

  /** Puts the cursor at a line and column, both from 1. */
  async goTo(line: number, column: number): Promise<void> {
    const input = this.page.locator(".quick-input-widget .quick-input-box input");
    await this.open(input, () => this.press("Control+g"));
    await input.fill(`:${line}:${column}`);
    await this.press("Enter");
    await this.status(`Ln ${line}, Col ${column}`).waitFor();
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** What stands in the active editor; long files only as far as they are on the screen. */
  async text(): Promise<string> {
    const lines = await this.lines().evaluateAll((elements) =>
      elements
        .map((element) => ({
          top: Number.parseFloat((element as HTMLElement).style.top),
          text: element.textContent ?? "",
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replaceAll("\u00a0", " ")),
    );
    return lines.join("\n");
  }

  /** Places the cursor in the active editor and takes what it shows for the text: for `goTo` by words. */
  async goToText(words: string, offset = 0): Promise<void> {
    let start = -1;
    await expect.poll(async () => (start = (await this.text()).indexOf(words))).toBeGreaterThanOrEqual(0);
    const before = (await this.text()).slice(0, start + offset).split("\n");
    await this.goTo(before.length, before.at(-1)!.length + 1);
  }

  /** An entry of the open list of suggestions. */
  suggestion(label: string): Locator {
    return this.page.locator(".suggest-widget.visible .monaco-list-row .label-name", { hasText: exactly(label) });
  }

  /** The lines of the active editor. */
  lines(): Locator {
    return this.active(".view-lines .view-line");
  }

  /** Something inside the active editor. */
  active(selector: string): Locator {
    return this.page.locator(`.editor-group-container.active .editor-instance ${selector}`);
  }

  /** The number of the cursor's line in the editor of text, which need not have the focus. */
  async cursorLine(): Promise<string> {
    const number = this.page.locator(".editor-instance .line-numbers.active-line-number").first();
    return (await number.textContent()) ?? "";
  }

  /** What extensions have drawn behind the ends of lines: it is a style, not text. */
  besideLines(of: Locator = this.lines()): Promise<string> {
    return of.evaluateAll((lines) =>
      lines
        .flatMap((line) => [...line.querySelectorAll("span")].map((part) => getComputedStyle(part, "::after").content))
        .filter((content) => content.startsWith('"'))
        .map((content) => content.slice(1, -1).replace(/\\(.)/g, "$1").replaceAll("\u00a0", " "))
        .join("\n"),
    );
  }

  /** An entry of the status bar. */
  status(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item", { hasText: text });
  }

  /** What the language status of the active file says, as a pointer over its braces sees it. */
  async languageStatus(): Promise<string> {
    const item = this.page.locator('.statusbar-item[id="status.languageStatus"]');
    const hover = this.page.locator(".hover-language-status");
    await this.open(hover.first(), async () => {
      await this.page.mouse.move(viewport.width / 2, viewport.height / 2);
      await item.hover();
    });
    return (await hover.allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
  }

  /** The page inside a webview: a frame of VS Code's around the frame with the extension's page. */
  webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  }

  async save(): Promise<void> {
    await this.press("Control+s");
    await this.page.locator(".editor-group-container.active .tab.active:not(.dirty)").waitFor();
  }

  /** Closes what a check has opened, and throws away what it has not saved. */
  async closeAll(): Promise<void> {
    await this.press("Escape");
    const tab = this.page.locator(".editor-group-container .tab");
    if ((await tab.count()) > 0) {
      await this.command("View: Close All Editors");
      const discard = this.page.locator(".monaco-dialog-box").getByRole("button", { name: "Don't Save" });
      await expect
        .poll(async () => {
          if (await discard.isVisible()) await discard.click();
          return tab.count();
        })
        .toBe(0);
    }
  }
}

const exactly = (text: string): RegExp => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);

/** Runs in the page: resolves when what has an end has ended. */
const stillness = () =>
  Promise.allSettled(
    document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
      .map((animation) => animation.finished),
  ).then(() => undefined);

async function appears(widget: Locator, timeout: number): Promise<boolean> {
  try {
    await widget.waitFor({ timeout });
    return true;
  } catch {
    return false;
  }
}

/** `asWebviewUri` names a host that does not exist: the webview's service worker answers for it, and nothing is sent. */
const leavesTheMachine = ({ protocol, hostname }: URL): boolean =>
  /^(https?|wss?):$/.test(protocol) &&
  !/(^|\.)localhost$/.test(hostname) &&
  !hostname.endsWith(".vscode-resource.vscode-cdn.net");
