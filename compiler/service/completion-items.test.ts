/**
 * At the boundaries of the tokens of valid files: an item that is taken makes no new mistake, and what stands there is
 * among the items. Some boundaries, the same every time; all of them with FLOW_RUNS=100000.
 */
import { expect, it } from "vitest";
import { randomNumbers } from "../../test/support/random-numbers.ts";
import { diskHost, realFiles } from "../../test/support/service-workspace.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import { scan } from "../syntax/scan.ts";
import { type Token, Word } from "../syntax/tokens.ts";
import { completions } from "./completion.ts";
import { filled } from "./snippet-text.ts";
import type { CompletionItem } from "./types.ts";
import { Workspace } from "./workspace.ts";

const placesPerFile = Number(process.env.FLOW_RUNS ?? 4);
/** All places of a file take a while. */
const allPlacesMs = 3_600_000;
const wordsPerFile = 5 * placesPerFile;

const validFiles = realFiles().filter((path) => !path.includes("broken"));

function opened(path: string): { readonly ws: Workspace; readonly text: string; readonly tokens: readonly Token[] } {
  const ws = new Workspace(diskHost, { files: realFiles });
  const text = diskHost.readFile(path)!;
  ws.open(path, text);
  return { ws, text, tokens: scan(text, () => {}).tokens };
}

function someOf<T>(all: readonly T[], count: number, seed: number): readonly T[] {
  const next = randomNumbers(seed);
  return all.length <= count ? all : Array.from({ length: count }, () => all[next(all.length)]!);
}

interface Taken {
  readonly now: string;
  readonly start: number;
  readonly end: number;
  readonly holes: readonly number[];
}

/** The text with the item in it, and where it is. */
function taken(text: string, item: CompletionItem, inHoles: string): Taken {
  const { text: plain, holes } = filled(item, inHoles);
  let [start, now] = [item.span.start, text.slice(0, item.span.start) + plain + text.slice(item.span.end)];
  for (const edit of item.additionalEdits ?? []) {
    now = now.slice(0, edit.start) + edit.newText + now.slice(edit.end);
    start += edit.newText.length - (edit.end - edit.start);
  }
  return { now, start, end: start + plain.length, holes: holes.map((hole) => hole + start) };
}

/** Mistakes of the grammar count anywhere, others where the item stands: what was built on the old word may break. */
const isOfGrammar = ({ code }: Diagnostic): boolean => code.startsWith("FLOW1");
/** Of a window: another node must be mended. */
const lacksEventTime = "FLOW4007";
/** A value of another type can be gone on with: `data.name` with `.size() > 3`. */
const isOfType = ({ code }: Diagnostic): boolean =>
  code === lacksEventTime || /^FLOW3(001|003|006|007|02[2356]|50\d)$/.test(code);

function mistakes(ws: Workspace, path: string, item: CompletionItem, { now, start, end, holes }: Taken) {
  ws.change(path, now);
  /** What an empty tab stop lacks, and the block of a declaration with one in it. */
  const isLeftToFill = ({ at }: Diagnostic): boolean =>
    holes.some((hole) => at.start <= hole + 1 && hole - 1 <= at.end) || now.startsWith("()", end);
  return ws
    .file(path)
    .diagnostics.filter((one) => one.severity === "error" && !isLeftToFill(one))
    .filter(
      (one) =>
        isOfGrammar(one) ||
        (!isOfType(one) && start <= one.at.start && one.at.end <= end && !item.newText.endsWith("$0\n}")),
    )
    .map(({ code, message }) => `${code} ${message}`);
}

it.each(validFiles)("no item makes a new mistake at the tokens of %s", { timeout: allPlacesMs }, (path) => {
  const { ws, text, tokens } = opened(path);
  const places = [...new Set(tokens.flatMap(({ startOffset, end }) => [startOffset, end]))];
  for (const place of someOf(places, placesPerFile, path.length)) {
    ws.change(path, text);
    for (const item of completions(ws, path, place)) {
      const plain = taken(text, item, "");
      const found = mistakes(ws, path, item, plain);
      const wrong = found.length === 0 ? [] : mistakes(ws, path, item, taken(text, item, "name"));
      expect(wrong, `${plain.now.slice(0, plain.start)}‹${item.newText}›${plain.now.slice(plain.end)}`).toEqual([]);
    }
  }
});

it.each(validFiles)("what stands in %s is among the items of its place", { timeout: allPlacesMs }, (path) => {
  const { ws, text, tokens } = opened(path);
  const { model } = ws.file(path);
  const declared = new Set(model.symbols.map(({ at }) => at.start));
  /** Names that the author makes up. */
  const isNew = (index: number): boolean => {
    const { startOffset, end } = tokens[index]!;
    const before = text.slice(Math.max(0, startOffset - 60), startOffset);
    return (
      declared.has(startOffset) ||
      /^\s*\??:/.test(text.slice(end)) ||
      (/^\s*,/.test(text.slice(end)) && /\.\w+\($/.test(before)) ||
      /\bset data(\.\w+)*\.$/.test(before)
    );
  };
  const words = tokens.flatMap(({ tokenType }, index) => (tokenType === Word && !isNew(index) ? [index] : []));
  for (const index of someOf(words, wordsPerFile, path.length * 31)) {
    const { image, startOffset, end } = tokens[index]!;
    const items = completions(ws, path, index % 2 === 0 ? startOffset : end);
    const plain = items.map((item) => filled(item).text.replace(/^"/, ""));
    if (plain.some((one) => one.startsWith(image))) continue;
    // The only reader of a field of any type: nothing else says that there is one.
    if (/\.\s*\??$/.test(text.slice(0, startOffset)) && text.split(`.${image}`).length === 2) continue;
    expect(plain, `${text.slice(0, startOffset)}‹${image}›${text.slice(end)}`).toContain(image);
  }
});
