/**
 * The linear form of a pipeline, `input` → `processors` one after the other → `output`, as the general form: a tree with
 * the same spans, in which every node says what it reads.
 */
import type { Span } from "../../source/span.ts";
import { asList, asMap, asText, field, type YamlEntry, type YamlMap, type YamlNode } from "./yaml-tree.ts";

/** The spec itself when it is not linear. */
export function withoutLinearForm(spec: YamlMap): YamlMap {
  const input = asMap(field(spec, "input"));
  const output = asMap(field(spec, "output"));
  const from = input && asMap(field(input, "from"));
  if (input === undefined || output === undefined || from === undefined) return spec;
  const processors = asList(field(spec, "processors"));
  const names = processors.map((one) => asText(asMap(one) && field(asMap(one)!, "name")) ?? "");
  const first = unused("input", names);
  const last = unused("output", names);
  const chained = processors.map((one, i) => reading(one, names[i - 1] ?? first));
  const rest = spec.entries.filter(({ key }) => key !== "input" && key !== "output" && key !== "processors");
  const source = mapOf(input.span, [entry("name", text(first, input.span)), ...from.entries]);
  const sink = reading(
    mapOf(output.span, [entry("name", text(last, output.span)), ...output.entries]),
    names.at(-1) ?? first,
  );
  return mapOf(spec.span, [
    ...rest,
    entry("sources", listOf(input.span, [source])),
    ...(chained.length > 0 ? [entry("processors", listOf(spec.span, chained))] : []),
    entry("sinks", listOf(output.span, [sink])),
  ]);
}

function reading(node: YamlNode, producer: string): YamlNode {
  const map = asMap(node);
  if (map === undefined || field(map, "from")) return node;
  const from = listOf(map.span, [mapOf(map.span, [entry("name", text(producer, map.span))])]);
  return mapOf(map.span, [...map.entries, entry("from", from)]);
}

function unused(name: string, names: readonly string[]): string {
  let free = name;
  for (let i = 2; names.includes(free); i++) free = `${name}-${i}`;
  return free;
}

const entry = (key: string, value: YamlNode): YamlEntry => ({
  key,
  keySpan: { start: value.span.start, end: value.span.start },
  value,
});
const text = (value: string, span: Span): YamlNode => ({ kind: "scalar", span, value, verbatim: undefined });
const mapOf = (span: Span, entries: readonly YamlEntry[]): YamlMap => ({ kind: "map", span, entries });
const listOf = (span: Span, items: readonly YamlNode[]): YamlNode => ({ kind: "list", span, items });
