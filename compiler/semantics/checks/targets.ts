/** FLOW5005 and FLOW5008: two sinks that write to one place, and a sink that writes what a source reads. */
import type { Constant } from "../model.ts";
import type { NodeEntry } from "../node-entry.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";

export const targets: Check = (checked) => {
  const sinkByTarget = new Map<string, NodeEntry>();
  for (const sink of checked.graph.nodes) {
    const target = sink.kind === "sink" ? placeOf(sink, checked) : undefined;
    if (target === undefined) continue;
    const first = sinkByTarget.get(target.key);
    if (first) report(sink, first, target.text, checked);
    else sinkByTarget.set(target.key, sink);
  }
  for (const source of checked.graph.nodes) {
    const place = source.kind === "source" ? placeOf(source, checked) : undefined;
    const sink = place && sinkByTarget.get(place.key);
    if (sink && place) {
      checked.declared.program.main.report("FLOW5008", sink.connector!.syntax.keyword.span, {
        sink: sink.name,
        source: source.name,
        target: place.text,
      });
    }
  }
};

function report(sink: NodeEntry, first: NodeEntry, target: string, { declared }: CheckedProgram): void {
  const at = { file: first.file, start: first.connector!.syntax.span.start, end: first.connector!.syntax.span.end };
  declared.program.main.report(
    "FLOW5005",
    sink.connector!.syntax.keyword.span,
    { sink: sink.name, other: first.name, target },
    { related: [{ at, message: `'${first.name}' writes there.` }] },
  );
}

/** What the connector's row says names a target; undefined when that is not all known. */
function placeOf(
  { connector }: NodeEntry,
  { declared }: CheckedProgram,
): { readonly key: string; readonly text: string } | undefined {
  const names = connector?.row.sink?.target ?? [];
  if (!connector || names.length === 0) return undefined;
  const defaults = declared.defaults.get(connector.row.name)?.options;
  const values = names.map((name) => connector.options.get(name)?.value ?? defaults?.get(name)?.value);
  const last = values.at(-1);
  if (last === undefined || values.some((value) => isPerEvent(value))) return undefined;
  const isFile = connector.row.name === "file";
  if (isFile && (last === "-" || String(last).endsWith("/"))) return undefined;
  return {
    key: `${connector.row.name} ${isFile ? plainPath(String(last)) : JSON.stringify(values, bigintText)}`,
    text: `${connector.row.name} '${String(last)}'`,
  };
}

/** The same file however it is spelled: `./a//b`, `c/../a/b`. What links make of it, only the run can know. */
function plainPath(path: string): string {
  const plain: string[] = [];
  const isAbsolute = path.startsWith("/");
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== ".." || (plain.at(-1) ?? "..") === "..") {
      if (name !== ".." || !isAbsolute) plain.push(name);
    } else plain.pop();
  }
  return `${isAbsolute ? "/" : ""}${plain.join("/")}`;
}

const bigintText = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);

const isPerEvent = (value: Constant | object | undefined): boolean =>
  typeof value === "object" && value !== null && "tree" in value;
