/** Every fix that the editor adds to those of the checker mends the example of its code, and leaves nothing else. */
import { describe, expect, it } from "vitest";
import { deploymentDiagnostics } from "../../emit/deployment.ts";
import { check } from "../../semantics/check.ts";
import { type Code, codes } from "../../source/codes/codes.ts";
import { memoryHost } from "../../source/host.ts";
import { codeActions } from "../code-actions.ts";
import { applyEdits } from "../refactor/lay-out.ts";
import { Workspace } from "../workspace.ts";
import { menders } from "./menders.ts";

const codesIn = (files: Readonly<Record<string, string>>): readonly string[] =>
  check("main.flow", memoryHost(files), { later: deploymentDiagnostics, paramsLater: false }).diagnostics.map(
    ({ code }) => code,
  );

const order = `type Order { id: string, price: double, note?: string, tags: [string] }\nsource orders: Order { stdin {} }\n`;

/** Where the example of the code is of a kind that only its author can mend. */
const examples: Readonly<Partial<Record<Code, string>>> = {
  FLOW1001:
    "source orders { stdin {} }\nstep out from orders { filter data.paid § }\nsink printed from out { stdout {} }\n",
  FLOW3022: `${order}step checked from orders { filter data.tags[data.id] == "a" }\nsink out from checked { stdout {} }\n`,
  FLOW3507: `${order}window w from orders {\n  key data.?note\n  global\n  emit { n: count() }\n}\nsink out from w { stdout {} }\n`,
  FLOW4005: `source orders { memory {} }\nsource payments { memory {} }\nwindow pairs from orders, payments {\n  global\n  join o.data.id == p.data.id\n  emit { id: o.data.id }\n}\nsink out from pairs { stdout {} }\n`,
  FLOW4012:
    "source orders { stdin {} }\nsource more from orders { stdin {} }\nsink out from orders, more { stdout {} }\n",
  FLOW4017: `source orders { memory {} }\nsource payments { memory {} }\nwindow pairs from orders as o, payments as p {\n  global\n  key o.data.id\n  join o.data.id == p.data.id\n  emit { id: o.data.id }\n}\nsink out from pairs { stdout {} }\n`,
  FLOW9005:
    "// flow-ignore FLOW9O01: the next commit uses it\ntype Order { id: string }\nsource orders { stdin {} }\nsink out from orders { stdout {} }\n",
};

/** The text after each fix of the code's example. */
function mendedExamples(code: Code): readonly { readonly title: string; readonly codes: readonly string[] }[] {
  const { files = {} } = codes[code];
  const example = examples[code] ?? codes[code].example;
  const all = { ...files, "main.flow": example };
  const ws = new Workspace(memoryHost(all));
  const { diagnostics } = ws.file("main.flow");
  return diagnostics
    .filter((one) => one.code === code)
    .slice(0, 1)
    .flatMap((one) =>
      codeActions(ws, "main.flow", one.at, (kind) => kind === "quickfix")
        .filter(({ diagnostic }) => diagnostics[diagnostic!] === one)
        .map(({ title, edits }) => ({
          title,
          codes: codesIn({ ...all, "main.flow": applyEdits(example, edits()) }),
        })),
    );
}

describe("the fixes of", () => {
  it.each(Object.keys(menders) as Code[])("%s", (code) => {
    const mended = mendedExamples(code);
    expect(mended.length).toBeGreaterThan(0);
    for (const { title, codes: left } of mended) expect([title, left.includes(code)]).toEqual([title, false]);
  });
});
