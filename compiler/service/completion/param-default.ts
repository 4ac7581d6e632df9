/** What a param may be by default: constants of its type, and the params above it. */
import type { ValueType } from "../../contract/value-type.ts";
import { printValueType } from "../../semantics/print-value-type.ts";
import { isAssignable, isOpen, resolveType } from "../../semantics/types.ts";
import type { Part } from "../syntax-path.ts";
import { literalsOf } from "./expressions.ts";
import type { Candidate } from "./item.ts";
import type { Probe } from "./probe.ts";
import { recordSnippet } from "./test-data.ts";
import { quotes, samplesOf } from "./values.ts";

/** Undefined where the word is not the whole default. */
export function defaultItems(probe: Probe, parts: readonly Part[]): readonly Candidate[] | undefined {
  const declaration = probe.tree.declarations.find((one) => one === parts.at(-2));
  if (declaration?.kind !== "param") return undefined;
  const { model } = probe;
  const type = declaration.type === undefined ? undefined : model.params.get(declaration.name.text)?.type;
  const above = probe.tree.declarations.slice(0, probe.tree.declarations.indexOf(declaration));
  const names = new Set(above.flatMap((one) => (one.kind === "param" ? [one.name.text] : [])));
  const params = [...model.params].filter(
    ([name, param]) => names.has(name) && (type === undefined || isAssignable(param.type, type, model.types)),
  );
  return [
    ...literalsOf(type, probe),
    ...(type === undefined || isOpen(type) ? [] : valuesOf(type, probe)),
    ...params.map(
      ([label, param]): Candidate => ({
        label,
        kind: "param",
        rank: 1,
        detail: printValueType(param.type),
        docKey: `param ${label}`,
      }),
    ),
  ];
}

function valuesOf(type: ValueType, probe: Probe): readonly Candidate[] {
  const written = (label: string, newText: string): Candidate => ({
    label,
    kind: "snippet",
    rank: 2,
    newText,
    isSnippet: true,
    triggersNext: true,
  });
  const resolved = resolveType(type, probe.model.types);
  switch (resolved.kind) {
    case "duration":
      return samplesOf("duration", probe);
    case "timestamp":
      return [written("timestamp", `timestamp("\${1:1970-01-01T00:00:00Z}")`)];
    case "string":
      return [quotes];
    case "list":
      return [written("[ … ]", resolved.element.kind === "string" ? '["$0"]' : "[$0]")];
    case "map":
      return [written("{ … }", "{ $0 }")];
    case "record":
      return [written("{ … }", recordSnippet(resolved, probe.model.types, 1))];
    default:
      return [];
  }
}
