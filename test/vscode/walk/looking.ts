/** Looking: the graph and the compiled resource beside the text, and which server it all comes from. */
import type { FrameLocator } from "playwright-core";
import { expect } from "vitest";
import type { Walk } from "../walk.ts";

const orders = `source orders { stdin {} }

step paid from orders { filter data.paid }

sink out from paid { stdout {} }
`;

/** Names of nodes that lie on one another, as they do for a moment while they move. */
const overlaps = (graph: FrameLocator): Promise<string[]> =>
  graph.locator("[data-node]").evaluateAll((nodes) => {
    const boxes = nodes.map((node) => ({ name: node.getAttribute("data-node"), box: node.getBoundingClientRect() }));
    return boxes.flatMap(({ name, box }, i) =>
      boxes
        .slice(i + 1)
        .filter(
          ({ box: other }) =>
            box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom,
        )
        .map((other) => `${name} and ${other.name}`),
    );
  });

export function looking({ file, check }: Walk): void {
  file("graph.flow", orders);
  check("draws the graph beside the text, and follows an edit", async ({ editor }) => {
    await editor.openFile("graph.flow");
    await editor.command("Flow: Show Graph");
    const graph = editor.webview();
    for (const name of ["orders", "paid", "out"]) await graph.locator(`[data-node="${name}"]`).waitFor();
    await editor.picture("graph");
    await editor.openFile("graph.flow");
    await editor.goToText("sink");
    await editor.type("sink kept from orders { stdout {} }\n\n");
    await graph.locator('[data-node="kept"]').waitFor();
    await graph.locator('[data-edge="orders→kept"]').waitFor({ state: "attached" });
    await expect.poll(() => overlaps(graph)).toEqual([]);
    await editor.picture("graph after an edit");
  });

  file("graph-and-cursor.flow", orders);
  check("marks the node under the cursor, and goes to the source of a node that is clicked", async ({ editor }) => {
    await editor.openFile("graph-and-cursor.flow");
    await editor.command("Flow: Show Graph");
    const graph = editor.webview();
    await graph.locator('[data-node="out"]').waitFor();
    await editor.openFile("graph-and-cursor.flow");
    await editor.goToText("filter");
    await graph.locator('[data-node="paid"][aria-current="true"]').waitFor();
    await editor.picture("graph with the node of the cursor");
    await graph.locator('[data-node="out"]').click();
    await expect.poll(() => editor.cursorLine()).toBe("5");
    await editor.picture("source of a clicked node");
  });

  file("graph-problem.flow", orders.replace("from orders", "from ordrs"));
  check("shows a node's problem in the graph", async ({ editor }) => {
    await editor.openFile("graph-problem.flow");
    await editor.command("Flow: Show Graph");
    const graph = editor.webview();
    await graph.locator('[data-node="paid"][data-problem="error"]').waitFor();
    // New nodes appear where they belong, and do not come flying.
    expect(await overlaps(graph)).toEqual([]);
    await editor.picture("graph with a problem");
  });

  file("compiled.flow", orders);
  check("updates the compiled resource beside the text while it is typed", async ({ editor }) => {
    await editor.openFile("compiled.flow");
    await editor.active(".mtk1").first().waitFor();
    await editor.command("Flow: Show Compiled Resource");
    const beside = editor.page.locator(".editor-group-container:not(.active) .editor-instance .view-line");
    await beside.filter({ hasText: "filter" }).first().waitFor();
    await editor.goToText("data.paid", "data.paid".length);
    await editor.type(" == 7");
    await beside.filter({ hasText: "== 7" }).first().waitFor();
    await editor.picture("compiled resource");
    await editor.type(" && 1");
    await editor.page.locator(".squiggly-error").first().waitFor();
    await expect.poll(() => editor.besideLines(beside)).toContain("shown as before the error");
    expect(await beside.filter({ hasText: "== 7" }).count()).toBe(1);
    await editor.picture("compiled resource with an error in the way");
  });

  file("status.flow", orders);
  check("says in the status bar which server it uses", async ({ editor, server }) => {
    await editor.openFile("status.flow");
    await expect.poll(() => editor.languageStatus()).toMatch(server);
    await editor.picture("status");
  });
}
