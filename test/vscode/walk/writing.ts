/** Writing: what is underlined and mended, what is offered, shown, renamed and put in order. */
import { expect } from "vitest";
import type { Walk } from "../walk.ts";

const typo = `source orders { stdin {} }

step paid from ordrs {
  filter data.paid
}

sink out from paid { stdout {} }
`;

const typed = `type Item { sku: string, price: double }

type Order { id: string, total: double, items: [Item] }

source orders: Order { stdin {} }

step large from orders {
  filter data.
}

sink out from large { stdout {} }
`;

const half = `source orders { stdin {} }

step paid from orders {

}

sink out from paid { stdout {} }
`;

const untidy = `source orders{stdin{}}
step paid   from orders {
filter   data.paid }
sink out from paid { stdout {} }`;

const tidy = `source orders { stdin {} }
step paid from orders {
  filter data.paid
}
sink out from paid { stdout {} }
`;

const shared = `type Order { id: string, total: double }
`;

const importing = `import "./shared.flow"

source orders: Order { stdin {} }

step large from orders { filter data.total > 10.0 }

sink out from large { stdout {} }
`;

const broken = `type Payment { id: strng }
`;

const importingBroken = `import "./broken.flow"

source payments: Payment { stdin {} }

sink out from payments { stdout {} }
`;

export function writing({ file, check }: Walk): void {
  file("typo.flow", typo);
  check("underlines a typo, says why, and mends it by the quick fix", async ({ editor }) => {
    await editor.openFile("typo.flow");
    await editor.active(".squiggly-error").first().waitFor();
    await editor.goToText("ordrs");
    await editor.picture("typo");
    const fix = editor.page.locator(".action-widget .monaco-list-row", { hasText: "Change to 'orders'" });
    await editor.open(fix, () => editor.press("Control+."));
    await editor.picture("quick fix");
    await editor.press("Enter");
    await expect.poll(() => editor.text()).toBe(typo.replace("ordrs", "orders"));
    await expect.poll(() => editor.active(".squiggly-error").count()).toBe(0);
  });

  file("half.flow", half);
  check("completes the clauses of a step", async ({ editor }) => {
    await editor.openFile("half.flow");
    await editor.goTo(4, 1);
    await editor.type("  filt");
    await editor.open(editor.suggestion("filter"), () => editor.press("Control+Space"));
    await editor.picture("completion of a clause");
    await editor.press("Enter");
    await expect.poll(() => editor.text()).toContain("\n  filter ");
  });

  file("typed.flow", typed);
  check("completes the fields of an inferred type after a dot", async ({ editor }) => {
    await editor.openFile("typed.flow");
    await editor.goToText("filter data.", "filter data.".length);
    await editor.open(editor.suggestion("total"), () => editor.press("Control+Space"));
    await editor.suggestion("items").waitFor();
    await editor.picture("completion of a member");
    await editor.type("tot");
    await expect.poll(() => editor.suggestion("items").count()).toBe(0);
    await editor.press("Enter");
    await expect.poll(() => editor.text()).toContain("filter data.total");
  });

  file("hover.flow", typed.replace("data.", "data.total > 10.0"));
  check("shows the type of a field on hover", async ({ editor }) => {
    await editor.openFile("hover.flow");
    await editor.goToText("total >");
    const hover = editor.page.locator(".monaco-hover:not(.hidden) .hover-contents", { hasText: "double" }).first();
    await editor.open(hover, () => editor.command("Show or Focus Hover"));
    await editor.picture("hover");
  });

  file("rename.flow", tidy);
  check("renames a node where it is declared and where it is read", async ({ editor, saved }) => {
    await editor.openFile("rename.flow");
    await editor.goToText("paid from");
    const box = editor.page.locator(".rename-box input");
    await editor.open(box, () => editor.press("F2"));
    await box.fill("settled");
    await editor.picture("rename");
    await editor.press("Enter");
    const renamed = tidy.replaceAll("step paid", "step settled").replace("from paid", "from settled");
    await expect.poll(() => editor.text()).toBe(renamed);
    await editor.save();
    await expect.poll(() => saved("rename.flow")).toBe(renamed);
  });

  file("untidy.flow", untidy);
  check("formats on save", async ({ editor, saved }) => {
    await editor.openFile("untidy.flow");
    await editor.active(".mtk1").first().waitFor();
    await editor.goTo(1, 1);
    await editor.type(" ");
    await editor.save();
    await expect.poll(() => saved("untidy.flow")).toBe(tidy);
    await editor.picture("formatted");
  });

  file("shared.flow", shared);
  file("importing.flow", importing);
  check("checks a file again when one that it imports is edited, before that is saved", async ({ editor }) => {
    await editor.openFile("importing.flow");
    await editor.active(".mtk1").first().waitFor();
    await expect.poll(() => editor.active(".squiggly-error").count()).toBe(0);
    await editor.openFile("shared.flow");
    await editor.goToText("Order");
    await editor.type("Re");
    await editor.openFile("importing.flow");
    await editor.active(".squiggly-error").first().waitFor();
    await editor.picture("error from an edited import");
  });

  file("broken.flow", broken);
  file("importing-broken.flow", importingBroken);
  check("lists the errors of a file and of what it imports in the Problems panel", async ({ editor }) => {
    await editor.openFile("importing-broken.flow");
    const problems = editor.page.locator(".markers-panel");
    await editor.open(problems, () => editor.command("View: Focus Problems"));
    await problems.getByText("There is no type 'strng'").first().waitFor();
    // Nothing is left of the check before, whose edit was thrown away.
    await expect.poll(() => problems.getByText("ReOrder").count()).toBe(0);
    await editor.picture("problems");
    await editor.command("View: Hide Panel");
  });

  file(
    "notes.md",
    "# Notes\n\nstep by step from here\n\n```flow\n// as it is\nstep paid from orders {\n  filter data.paid\n}\n```\n",
  );
  check("colours a fenced block in Markdown", async ({ editor }) => {
    await editor.openFile("notes.md");
    const colours = () =>
      editor
        .lines()
        .evaluateAll((lines) =>
          lines.map(
            (line) => new Set([...line.querySelectorAll("span[class*=mtk]")].map((part) => part.className)).size,
          ),
        );
    await expect.poll(async () => (await colours())[6]).toBeGreaterThan(1);
    await editor.picture("markdown");
  });
}
