import { expect, it } from "vitest";
import { fileFeatures, outside, placeFeatures } from "../../test/support/every-feature.ts";
import { diskHost, realFiles } from "../../test/support/service-workspace.ts";
import { sourceText } from "../source/source-text.ts";
import { format } from "../syntax/format.ts";
import { scan } from "../syntax/scan.ts";
import { Workspace } from "./workspace.ts";

/** The same numbers every time. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A token dropped, doubled, swapped with the next, or the text cut there. */
function mangle(text: string, next: (below: number) => number): { readonly text: string; readonly offset: number } {
  const { tokens } = scan(text, () => {});
  const at = next(Math.max(1, tokens.length - 2));
  const [token, after] = [tokens[at]!, tokens[at + 1] ?? tokens[at]!];
  const [start, end] = [token.startOffset, token.end];
  const before = text.slice(0, start);
  switch (next(5)) {
    case 0:
      return { text: before + text.slice(end), offset: start };
    case 1:
      return { text: `${before}${token.image} ${text.slice(start)}`, offset: end };
    case 2:
      return {
        text: before + after.image + text.slice(end, after.startOffset) + token.image + text.slice(after.end),
        offset: start,
      };
    case 3:
      return { text: text.slice(0, start + next(token.image.length + 1)), offset: start };
    default:
      return { text: before + text.slice(start + next(token.image.length + 1)), offset: start };
  }
}

const rounds = 6;

it.each(realFiles())("no feature throws on what mangling makes of %s, and every range is inside its text", (path) => {
  const ws = new Workspace(diskHost, { files: realFiles });
  const original = diskHost.readFile(path)!;
  const next = randomNumbers(path.length * 7919);
  ws.open(path, original);
  for (let round = 0; round < rounds; round++) {
    const { text, offset } = mangle(original, next);
    ws.change(path, text);
    const places = [Math.min(offset, text.length), next(text.length + 1)];
    for (const [name, ask] of Object.entries({ ...fileFeatures, ...placeFeatures })) {
      for (const place of name in placeFeatures ? places : places.slice(0, 1)) {
        let wrong: readonly string[];
        try {
          wrong = outside(ask(ws, path, place), ws, path);
        } catch (error) {
          throw new Error(`${name} at ${place} of:\n${text.slice(0, place)}‸${text.slice(place)}`, { cause: error });
        }
        expect(wrong, name).toEqual([]);
      }
    }
    const once = format(sourceText(path, text)).text;
    if (once !== undefined) expect(format(sourceText(path, once)).text).toBe(once);
  }
});
