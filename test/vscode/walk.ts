/** The way a user goes through the editor, the same for every VS Code: each check opens a file of its own and reads what is on the screen. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Editor } from "./editor.ts";
import { looking } from "./walk/looking.ts";
import { running } from "./walk/running.ts";
import { writing } from "./walk/writing.ts";

export interface Setup {
  readonly editor: Editor;
  /** What lies in the folder under that name now. */
  saved(name: string): Promise<string | undefined>;
  /** Files that the editor asked for and were not there. */
  readonly missing: readonly string[];
  /** What the status item says about the server. */
  readonly server: RegExp;
  close(): Promise<void>;
}

export interface Walk {
  /** Puts a file into the folder before the editor opens it. */
  file(name: string, text: string): string;
  check(sentence: string, steps: (here: Setup) => Promise<void>): void;
}

export function walk(where: string, start: (files: Readonly<Record<string, string>>) => Promise<Setup>): void {
  const files: Record<string, string> = {};
  let here: Setup;

  const parts: Walk = {
    file(name, text) {
      files[name] = text;
      return name;
    },
    check(sentence, steps) {
      it(sentence, async () => {
        try {
          await steps(here);
        } catch (error) {
          await here.editor.picture(`failed ${sentence}`);
          throw error;
        }
      });
    },
  };

  describe(where, () => {
    beforeAll(async () => {
      here = await start(files);
    });
    afterEach(() => here.editor.closeAll());
    afterAll(() => here?.close());

    writing(parts);
    looking(parts);
    running(parts);

    it("sends no request to another machine", () => expect(here.editor.outside).toEqual([]));
    it("asks for no file of the extension that is not there", () => expect(here.missing).toEqual([]));
    it("leaves no error of the extension in the console", () => {
      expect(here.editor.console.filter((line) => line.startsWith("error:") && !isKnown(line))).toEqual([]);
    });
  });
}

/** What VS Code says of itself: of accounts, and of files of its own that its package lacks. The name of the extension makes it ours. */
const isKnown = (line: string): boolean =>
  !/argo-dataflow|extensions-under-test\/flow/.test(line) &&
  /authentication provider|Failed to load resource/.test(line);
