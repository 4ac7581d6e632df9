/** The editor leaves the text of code steps to its own language. */
import { describe, expect, it } from "vitest";
import { memoryHost } from "../source/host.ts";
import { completions } from "./completion.ts";
import { foldingRanges } from "./folding.ts";
import { semanticTokens } from "./semantic-tokens.ts";
import { filled } from "./snippet-text.ts";
import { Workspace } from "./workspace.ts";

function opened(operator: string) {
  const text = `source orders { stdin {} }\nstep a from orders {\n  ${operator}\n}\nsink out from a { stdout {} }\n`;
  const ws = new Workspace(memoryHost({ "p.flow": text }));
  return { ws, text, at: (words: string) => text.indexOf(words) + words.length };
}

describe("code of another language", () => {
  const { ws, text, at } = opened('code javascript r"""\nexport default (event) => {\n  return event.data.\n}\n"""');

  it("has only its quotes coloured as a string: the rest is for its own grammar", () => {
    const strings = semanticTokens(ws, "p.flow").filter(({ type }) => type === "string");
    expect(strings.map(({ start, end }) => text.slice(start, end))).toEqual(['r"""', '"""']);
  });

  it("is proposed nothing of .flow", () => {
    expect(completions(ws, "p.flow", at("event.data."))).toEqual([]);
  });

  it("folds", () => {
    expect(foldingRanges(ws, "p.flow").some(({ start }) => text.startsWith("code javascript", start))).toBe(true);
  });

  it("begins with a function that is exported", () => {
    const empty = opened("co");
    const item = completions(empty.ws, "p.flow", empty.at("  co")).find(({ label }) => label === "code");
    expect(item && filled(item).text).toBe('code javascript """\nexport default (event) => event.data\n"""');
  });
});

describe("options of a program", () => {
  it.each([
    ["", ["url", "ready", "mode", "concurrency"]],
    ["io: http, ", ["url", "ready", "mode", "concurrency"]],
    ["io: stdio, ", []],
    ['io: "file", ', ["concurrency", "folder"]],
    ["io: socket, ", ["frames"]],
  ])("are proposed where they mean something: %s", (io, expected) => {
    const { ws, at } = opened(`process { command: ["x"], ${io} }`);
    const labels = completions(ws, "p.flow", at(`["x"], ${io}`)).map(({ label }) => label);
    const ofOne = ["url", "ready", "mode", "concurrency", "frames", "folder"];
    expect(ofOne.filter((label) => labels.includes(label)).sort()).toEqual([...expected].sort());
    expect(labels).toContain("grace");
  });
});
