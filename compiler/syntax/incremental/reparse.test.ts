/** Parsing after an edit gives what parsing the whole text gives. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diskHost, realFiles } from "../../../test/support/service-workspace.ts";
import { sourceText } from "../../source/source-text.ts";
import { parse } from "../parse.ts";
import { type Kept, parseAside, parseKept, reparse } from "./reparse.ts";

const path = "a.flow";
const pieces = [
  "{",
  "}",
  "(",
  ")",
  "[",
  "]",
  '"',
  '"""',
  "'",
  "`",
  "/*",
  "*/",
  "//",
  "///",
  "\n",
  "\r\n",
  " ",
  "  ",
  ",",
  ":",
  ".",
  "|",
  "x",
  "#",
  ";",
  "=",
  "0",
  "step x from y {\n",
  "\nstep b from a {}\n",
  "source a",
  "\nfilter data.x",
  "\n}\n",
  "/// doc\n",
  'import "x"\n',
  "type T {",
  "\u00e9",
  "fn f(a) =",
  "stpe",
  "step",
];

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    at: fc.nat(100_000),
    remove: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(3) }, fc.nat(200)),
    insert: fc.oneof(fc.constantFrom(...pieces), fc.constant("")),
  }),
  { minLength: 1, maxLength: 6 },
);

const apply = (text: string, { at, remove, insert }: Edit): string => {
  const start = at % (text.length + 1);
  return text.slice(0, start) + insert + text.slice(start + remove);
};

describe("parsing again after an edit", () => {
  it.each(realFiles())("gives what parsing the whole text gives: %s", (file) => {
    const text = diskHost.readFile(file)!;
    fc.assert(
      fc.property(edits, (list) => {
        let now = text;
        let kept: Kept = parseKept(sourceText(path, now));
        expect(kept.parsed).toEqual(parse(sourceText(path, now)));
        for (const edit of list) {
          now = apply(now, edit);
          const aside = parseAside(kept, sourceText(path, now));
          expect(aside.diagnostics.length).toBe(parse(sourceText(path, now)).diagnostics.length);
          kept = reparse(kept, sourceText(path, now));
          expect(kept.parsed).toEqual(parse(sourceText(path, now)));
        }
      }),
      { numRuns: Number(process.env.FLOW_RUNS ?? 5) },
    );
  });
});
