/**
 * For tests: a .flow text in which comments mark what must be found in the line above them, and a check that just that is
 * found. `//   ^^^^ error FLOW2001: message`; a place too near the margin is marked `//< error …`, from the line's first word.
 */
import { expect } from "vitest";
import type { Diagnostic } from "../source/diagnostic.ts";
import { memoryHost } from "../source/host.ts";
import { positionAt } from "../source/source-text.ts";
import { type Checked, type CheckOptions, check } from "./check.ts";

interface Marked {
  readonly text: string;
  readonly marks: readonly string[];
}

const markPattern = /^(\s*)\/\/(<|\s*\^+) (error|warning|information|hint) (FLOW\d+): (.*)$/;

function readMarks(marked: string): Marked {
  const lines: string[] = [];
  const marks: string[] = [];
  for (const line of marked.split("\n")) {
    const match = markPattern.exec(line);
    if (!match) {
      lines.push(line);
      continue;
    }
    const above = lines.at(-1) ?? "";
    const column = match[2] === "<" ? above.length - above.trimStart().length : line.indexOf("^");
    const length = match[2] === "<" ? "" : `+${match[2]!.trim().length}`;
    marks.push(`${lines.length}:${column + 1}${length} ${match[3]} ${match[4]}: ${match[5]}`);
  }
  return { text: lines.join("\n"), marks };
}

/** Checks the text as `main.flow`, beside other files, and gives what was found, too. */
export function expectMarked(
  marked: string,
  files: Readonly<Record<string, string>> = {},
  options: CheckOptions = {},
): Checked {
  const { text, marks } = readMarks(marked);
  const checked = check("main.flow", memoryHost({ "main.flow": text, ...files }), options);
  const near = new Set(marks.filter((mark) => !/^\d+:\d+\+/.test(mark)).map((mark) => mark.split(" ")[0]));
  const found = checked.diagnostics.map((each) => print(each, checked, near));
  expect(found).toEqual(marks);
  return checked;
}

function print(each: Diagnostic, { sources }: Checked, near: ReadonlySet<string | undefined>): string {
  const { line, character } = positionAt(sources.get(each.at.file)!, each.at.start);
  const place = `${line + 1}:${character + 1}`;
  const length = near.has(place) ? "" : `+${each.at.end - each.at.start}`;
  return `${each.at.file === "main.flow" ? "" : `${each.at.file} `}${place}${length} ${each.severity} ${each.code}: ${each.message}`;
}

/** What is found, one line each. */
export function foundIn(
  text: string,
  files: Readonly<Record<string, string>> = {},
  options: CheckOptions = {},
): string[] {
  const checked = check("main.flow", memoryHost({ "main.flow": text, ...files }), options);
  return checked.diagnostics.map((each) => print(each, checked, new Set()));
}

/** The text after the first fix of each diagnostic. */
export function afterFixes({ diagnostics, sources }: Checked, path = "main.flow"): string {
  const edits = diagnostics.flatMap((each) => each.fixes[0]?.edits ?? []).filter((edit) => edit.file === path);
  let text = sources.get(path)!.text;
  for (const edit of edits.toSorted((a, b) => b.start - a.start))
    text = text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
  return text;
}
