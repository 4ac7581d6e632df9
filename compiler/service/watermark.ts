/** The watermark of a node in words: what moves it, what holds it back, and an example in times of day. */
import type { ModelNode } from "../semantics/model.ts";
import { clauseOf } from "../semantics/node-entry.ts";
import { printExpression } from "../syntax/print.ts";

const day = 86_400_000;
/** The example's newest event. */
const noon = day / 2;

export function watermarkDoc(node: ModelNode): string | undefined {
  if (node.kind === "table") return undefined;
  const sources = sourcesOf(node);
  if (node.kind === "source") return `Watermark: ${sourceWatermark(node)}. ${example([node], node)}`.trim();
  const inputs = [...new Set(node.inputs.flatMap(({ node: input }) => (input ? [input] : [])))];
  if (sources.length === 0 || inputs.length === 0) return undefined;
  const names = inputs.map(({ name }) => `\`${name}\``);
  const from = sources.map((source) => `\`${source.name}\`: ${sourceWatermark(source)}`);
  const own = inputs.length === 1 ? `that of ${names[0]}` : `the earliest of ${listed(names)}`;
  const rows = from.map((text) => `- ${text}`).join("\n");
  return [`Watermark: ${own}, which comes from`, rows, example(sources, node)]
    .filter((text) => text !== "")
    .join("\n\n");
}

const listed = (names: readonly string[]): string => `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** `data.at` of the newest event less 5s; … */
function sourceWatermark(source: ModelNode): string {
  const clause = clauseOf(source, "watermark");
  const [delay, idle, ahead] = ["delay", "idle", "ahead"].map((part) => durationOf(source, "watermark", part));
  const written = clauseOf(source, "time")?.values.get("time");
  const time =
    written?.kind === "expr"
      ? `\`${printExpression(written.value.syntax)}\``
      : source.connector?.row.source?.time
        ? "the transport's time"
        : "the time of arrival";
  return [
    `the largest ${time} seen${delay && delay.ms > 0 ? ` less ${delay.text}` : clause ? "" : ", with no delay"}`,
    idle && `not waited for when silent for ${idle.text}`,
    ahead && `not moved by times more than ${ahead.text} in the future`,
  ]
    .filter((text) => text !== undefined)
    .join("; ");
}

interface Length {
  readonly ms: number;
  readonly text: string;
}

function durationOf(node: ModelNode, keyword: string, part: string): Length | undefined {
  const value = clauseOf(node, keyword)?.values.get(part);
  const constant = value?.kind === "constant" ? value.value : undefined;
  const isDuration =
    typeof constant === "object" && constant !== null && "kind" in constant && constant.kind === "duration";
  return isDuration ? { ms: constant.ms, text: constant.text } : undefined;
}

/** Of a source where its watermark stands at noon; of a window when its pane of noon comes. */
function example(sources: readonly ModelNode[], node: ModelNode): string {
  const delays = sources.map((source) => durationOf(source, "watermark", "delay")?.ms ?? 0);
  const size = durationOf(node, "fixed", "size") ?? durationOf(node, "sliding", "size");
  if (size && size.ms <= day / 2) {
    const end = noon + size.ms;
    const seen = sources.map(({ name }, i) => `\`${name}\` has shown ${clock(end + delays[i]!)}`);
    const lateness = durationOf(node, "lateness", "lateness");
    const late = lateness ? ` Late events still change it until the watermark is ${clock(end + lateness.ms)}.` : "";
    return `Example: the window from ${clock(noon)} to ${clock(end)} gives its pane when ${seen.join(" and ")}.${late}`;
  }
  const [delay] = delays;
  if (sources.length !== 1 || delay === undefined || delay === 0) return "";
  return `Example: when an event of ${clock(noon)} has been seen, it stands at ${clock(noon - delay)}.`;
}

function clock(ms: number): string {
  const text = new Date(ms).toISOString();
  return ms % 1000 === 0 ? text.slice(11, 19) : text.slice(11, 23);
}

export function sourcesOf(node: ModelNode): readonly ModelNode[] {
  const seen = new Set<ModelNode>([node]);
  for (const one of seen) for (const input of one.inputs) if (input.node) seen.add(input.node);
  return [...seen].filter(({ kind }) => kind === "source");
}
