/** A test of a window: made-up events that fall into one, the watermark past its end, and the rows that it must give. */
import { printDuration, printString } from "../../syntax/print.ts";
import type { Edit } from "../types.ts";
import { type Foreseen, foresee } from "./foreseen-panes.ts";
import { isRecord } from "./foreseen-value.ts";
import { impossible, type Place, type Refactorer } from "./refactoring.ts";
import { printed } from "./sample-record.ts";
import { afterLine, gapAfter, nodeHeadAt } from "./selected.ts";
import { cutOf, wayTo } from "./way-to-window.ts";

const kind = "refactor.rewrite.test";

export const testFromWindow: Refactorer = (place) => {
  const declaration = nodeHeadAt(place);
  const { model } = place.analysis;
  const window = model.nodes.find((node) => node.declaration === declaration && node.kind === "window");
  if (!window || window.file !== place.path) return [];
  const title = `Add a test of '${window.name}'`;
  const [way, cut] = [wayTo(window), cutOf(window)];
  if (typeof way === "string") return [impossible(title, kind, way)];
  if (typeof cut === "string") return [impossible(title, kind, cut)];
  const foreseen = foresee(way, cut, model);
  const expected = foreseen && rowTexts(foreseen);
  if (!foreseen || !expected) {
    const reason = "What it gives cannot be foreseen: the way to it has more in it than is worked out here.";
    return [impossible(title, kind, reason)];
  }
  return [{ title, kind, edits: () => [testEdit(window.name, foreseen, expected, place)] }];
};

/** Undefined where there is nothing to be expected of one. */
function rowTexts({ rows }: Foreseen): readonly string[] | undefined {
  const texts = rows.map((row) =>
    isRecord(row) && [...row.values()].every((one) => printed(one) === undefined) ? undefined : printed(row),
  );
  return texts.some((text) => text === undefined) ? undefined : texts.map(String);
}

function testEdit(name: string, foreseen: Foreseen, expected: readonly string[], place: Place): Edit {
  const { source, events, watermarkMs, endsInput } = foreseen;
  const { analysis, path, text } = place;
  const lines = [
    ...events.map(({ atMs, data }) => `${source.name} at ${time(atMs)} ${printed(data) ?? "{}"}`),
    ...(watermarkMs === undefined ? [] : [`watermark ${time(watermarkMs)}`]),
    ...(endsInput ? ["end"] : []),
    `expect ${name} [${expected.join(", ")}]${expected.length > 1 ? " in any order" : ""}`,
  ];
  const titles = new Set(
    analysis.tree.declarations.flatMap((one) =>
      one.kind === "test" && one.title.kind === "string" ? [one.title.value] : [],
    ),
  );
  const wanted = `${name} of ${events.length === 1 ? "one event" : `${events.length} events`}`;
  let title = wanted;
  for (let n = 2; titles.has(title); n++) title = `${wanted} (${n})`;
  const last = analysis.tree.declarations.at(-1)!;
  const at = afterLine(analysis.tree, text, last.span.end);
  return {
    file: path,
    start: at,
    end: at,
    newText: `\n\ntest ${printString(title)} {\n${lines.join("\n")}\n}${gapAfter(text, at)}`,
  };
}

const time = (ms: number): string => printDuration(BigInt(ms) * 1_000_000n);
