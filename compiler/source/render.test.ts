import { describe, expect, it } from "vitest";
import type { Diagnostic } from "./diagnostic.ts";
import { diagnostic } from "./diagnostic.ts";
import { plain, renderDiagnostic } from "./render.ts";
import { sourceText } from "./source-text.ts";

const source = sourceText("a.flow", 'step a from b {\n\tfilter data.status = "paid"\n}\n');
const sources = new Map([[source.path, source]]);
const at = (start: number, end: number) => ({ file: "a.flow", start, end });

describe("a rendered diagnostic", () => {
  it("has place, code, message, the line with marks, and its fixes", () => {
    const start = source.text.indexOf("=");
    const one = diagnostic(
      "FLOW1013",
      at(start, start + 1),
      { wrong: "=", right: "==" },
      { fixes: [{ title: "Change to `==`", edits: [] }] },
    );
    expect(renderDiagnostic(one, sources)).toBe(`a.flow:2:21 error FLOW1013: \`=\` is no operator here: write \`==\`.
  2 |   filter data.status = "paid"
    |                      ^
    = fix: Change to \`==\`
`);
  });

  it("shows related places with frames of their own", () => {
    const one = diagnostic(
      "FLOW1007",
      at(14, 15),
      { open: "{", close: "}" },
      { related: [{ at: at(43, 43), message: "Here." }] },
    );
    expect(
      renderDiagnostic(one, sources),
    ).toBe(`a.flow:1:15 error FLOW1007: This \`{\` is never closed: \`}\` is missing.
  1 | step a from b {
    |               ^
    = a.flow:2:28: Here.
  2 |   filter data.status = "paid"
    |                             ^
`);
  });

  it("marks the first line of a longer span, and shows part of a long line", () => {
    const long = sourceText("l.flow", `${"x".repeat(300)}MARK${"y".repeat(300)}\nnext`);
    const one: Diagnostic = { ...diagnostic("FLOW1014", { file: "l.flow", start: 300, end: 304 }, {}) };
    const [, text = "", marks = ""] = renderDiagnostic(one, new Map([[long.path, long]]), { width: 60 }).split("\n");
    expect(text.length).toBeLessThanOrEqual(60);
    expect(text.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe("MARK");
    const toTheEnd = renderDiagnostic(diagnostic("FLOW1014", at(13, 40), {}), sources);
    expect(toTheEnd.split("\n")[2]).toBe("    |              ^^");
  });

  it("colours what it is told to, and needs no text", () => {
    const colours = { ...plain, code: (text: string) => `<${text}>` };
    expect(
      renderDiagnostic(diagnostic("FLOW1014", { file: "gone.flow", start: 0, end: 1 }, {}), new Map(), { colours }),
    ).toBe("gone.flow error <FLOW1014>: There are no semicolons in .flow: a clause ends where the next begins.\n");
  });
});
