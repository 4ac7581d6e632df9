/** Records that are written out as literals, as JSON: those of tests and of memory sources. */
import type { Model, ModelNode } from "../../semantics/model.ts";
import type { Expression } from "../../syntax/ast.ts";

/** Undefined where something in it is computed. Numbers keep their fractions. */
export function jsonText(e: Expression): string | undefined {
  switch (e.kind) {
    case "string":
    case "bool":
      return JSON.stringify(e.value);
    case "null":
      return "null";
    case "int":
      return String(e.value);
    case "double":
      return Number.isInteger(e.value) ? `${e.value}.0` : String(e.value);
    case "duration":
      return JSON.stringify(e.raw);
    case "parentheses":
      return jsonText(e.of);
    case "unary": {
      const of = e.operator === "-" ? jsonText(e.of) : undefined;
      return of === undefined ? undefined : `-${of}`;
    }
    case "list":
      return joined(
        "[",
        e.items.map(({ value }) => jsonText(value)),
        "]",
      );
    case "record":
      return joined("{", e.entries.map(entryText), "}");
    default:
      return undefined;
  }
}

type Entry = Extract<Expression, { readonly kind: "record" }>["entries"][number];

function entryText(entry: Entry): string | undefined {
  const value = entry.kind === "field" && !entry.optional ? jsonText(entry.value) : undefined;
  return entry.kind === "field" && value !== undefined ? `${JSON.stringify(entry.key.text)}:${value}` : undefined;
}

const joined = (open: string, parts: readonly (string | undefined)[], close: string): string | undefined =>
  parts.includes(undefined) ? undefined : open + parts.join(",") + close;

/** One a line, as a sample file has them. Empty when there are none, or none that can be read off. */
export function recordsOf(source: ModelNode, model: Model): string {
  const inTests = model.tests.flatMap(({ statements }) =>
    statements.flatMap((one) => (one.kind === "event" && one.source === source ? [one.data.syntax] : [])),
  );
  const options = source.connector?.syntax.arguments.flatMap(({ value }) =>
    value.kind === "record" ? value.entries : [],
  );
  const events = options?.find((one) => one.kind === "field" && one.key.text === "events")?.value;
  const given = events?.kind === "list" ? events.items.map(({ value }) => value) : [];
  return [...given, ...inTests].flatMap((e) => jsonText(e) ?? []).join("\n");
}
