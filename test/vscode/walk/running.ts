/** Running: tests in the editor and in the Test Explorer, and what a pipeline makes of sample events, beside its lines. */
import { expect } from "vitest";
import type { Walk } from "../walk.ts";

const tested = `source lines { memory {} }

step words from lines { expand data.split(" ") }

sink out from words { stdout {} }

test "a line becomes its words" {
  lines at 0s "to be"
  expect words ["to", "be"]
}

test "a word is upper case" {
  lines at 0s "to"
  expect words ["TO"]
}
`;

const sampled = `source numbers { file { path: "numbers.ndjson" } }

step large from numbers { filter data > 10 }

sink out from large { stdout {} }
`;

export function running({ file, check }: Walk): void {
  file("tested.flow", tested);
  check(
    "runs the tests of a file, and shows expected against actual beside the one that failed",
    async ({ editor }) => {
      await editor.openFile("tested.flow");
      await editor.command("Flow: Run Tests of This File");
      await editor.active(".codicon-testing-passed-icon").first().waitFor();
      await editor.active(".codicon-testing-failed-icon, .codicon-testing-error-icon").first().waitFor();
      await editor.picture("tests beside the text");
      await editor.command("View: Show Testing");
      const explorer = editor.page.locator(".test-explorer");
      const failing = explorer.getByText("a word is upper case").first();
      // A file comes folded in some versions of VS Code.
      const fold = explorer.locator(".monaco-list-row .monaco-tl-twistie.collapsed").first();
      await failing.or(fold).first().waitFor();
      if (!(await failing.isVisible())) await fold.click();
      await failing.waitFor();
      await editor.picture("test explorer");
      const failure = editor.page.locator(
        ".test-output-peek, .zone-widget, .test-error-content-widget, .test-message-inline-content",
      );
      await expect.poll(async () => (await failure.allInnerTexts()).join(" ")).toMatch(/TO/);
      await editor.picture("failed test");
    },
  );

  file("numbers.ndjson", "1\n2\n30\n40\n");
  file("sampled.flow", sampled);
  check("shows beside each node what came out of it, until the text changes", async ({ editor }) => {
    await editor.openFile("sampled.flow");
    await editor.command("Flow: Run Here on Sample Events");
    await expect.poll(() => editor.besideLines()).toContain("2 of 4 → 30");
    await editor.picture("run here");
    await editor.goToText("> 10", 4);
    await editor.type("0");
    await expect.poll(() => editor.besideLines()).not.toContain("2 of 4 → 30");
  });
}
