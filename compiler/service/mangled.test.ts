/**
 * Valid files with a token dropped, doubled, swapped with the next, and the text cut before or behind it: every feature
 * answers, and what it answers lies in the text. Some tokens, the same every time; every one
 * with FLOW_RUNS=100000.
 */
import { expect, it } from "vitest";
import { disordered, fileFeatures, outside, placeFeatures } from "../../test/support/every-feature.ts";
import { randomNumbers } from "../../test/support/random-numbers.ts";
import { diskHost, realFiles } from "../../test/support/service-workspace.ts";
import { sourceText } from "../source/source-text.ts";
import { format } from "../syntax/format.ts";
import { scan } from "../syntax/scan.ts";
import type { Token } from "../syntax/tokens.ts";
import { Workspace } from "./workspace.ts";

const tokensPerFile = Number(process.env.FLOW_RUNS ?? 1);
/** Far more than an answer takes: this finds what does not end. */
const longestMs = 10_000;

interface Mangled {
  readonly text: string;
  readonly offset: number;
}

/** @param within how much of the token is left where the text is cut */
const kinds: Readonly<Record<string, (text: string, token: Token, after: Token, within: number) => Mangled>> = {
  dropped: (text, { startOffset, end }) => ({
    text: text.slice(0, startOffset) + text.slice(end),
    offset: startOffset,
  }),
  doubled: (text, { startOffset, end, image }) => ({
    text: `${text.slice(0, startOffset)}${image} ${text.slice(startOffset)}`,
    offset: end,
  }),
  swapped: (text, { startOffset, end, image }, after) => ({
    text:
      text.slice(0, startOffset) +
      after.image +
      text.slice(end, after.startOffset) +
      image +
      text.slice(Math.max(end, after.end)),
    offset: startOffset,
  }),
  "cut behind": (text, { startOffset }, _, within) => ({
    text: text.slice(0, startOffset + within),
    offset: startOffset + within,
  }),
  "cut before": (text, { startOffset }, _, within) => ({ text: text.slice(startOffset + within), offset: 0 }),
};

const features = Object.entries({ ...fileFeatures, ...placeFeatures });

function wrongAnswers(ws: Workspace, path: string, places: readonly number[]): readonly string[] {
  const { text } = ws.source(path);
  const wrong: string[] = [];
  for (const [name, ask] of features) {
    for (const place of name in placeFeatures ? places : places.slice(0, 1)) {
      const start = performance.now();
      try {
        const answer = ask(ws, path, place);
        wrong.push(...[...outside(answer, ws, path), ...disordered(name, answer)].map((one) => `${name}: ${one}`));
      } catch (error) {
        const stack = error instanceof Error ? error.stack : String(error);
        wrong.push(`${name} throws at ${place}: ${stack}\n${text.slice(0, place)}‸${text.slice(place)}`);
      }
      if (performance.now() - start > longestMs) wrong.push(`${name} takes longer than ${longestMs} ms at ${place}`);
    }
  }
  return wrong;
}

it.each(realFiles())(
  "every feature answers on what mangling makes of %s, with ranges inside its text",
  {
    timeout: 3_600_000,
  },
  (path) => {
    const ws = new Workspace(diskHost, { files: realFiles });
    const original = diskHost.readFile(path)!;
    const { tokens } = scan(original, () => {});
    const next = randomNumbers(path.length * 7919);
    const some =
      tokens.length <= tokensPerFile
        ? [...tokens.keys()]
        : Array.from({ length: tokensPerFile }, () => next(Math.max(1, tokens.length - 2)));
    ws.open(path, original);
    for (const index of some) {
      const token = tokens[index]!;
      for (const [kind, mangle] of Object.entries(kinds)) {
        const { text, offset } = mangle(original, token, tokens[index + 1] ?? token, next(token.image.length + 1));
        ws.change(path, text);
        const wrong = wrongAnswers(ws, path, [Math.min(offset, text.length), next(text.length + 1)]);
        expect(wrong, `token ${index} ${kind}`).toEqual([]);
        const once = format(sourceText(path, text)).text;
        if (once !== undefined) expect(format(sourceText(path, once)).text).toBe(once);
      }
    }
  },
);
