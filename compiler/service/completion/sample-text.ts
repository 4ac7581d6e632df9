/** What an item writes for the parts and options that must be given, with a tab stop at each. */

import type { ClauseRow, ConnectorRow, OptionRow, Part } from "../../catalog/rows.ts";
import { connectionOf } from "../../semantics/connectors.ts";

/** A snippet. Undefined where a part needs a name that only the author knows. */
export function clauseSnippet(row: ClauseRow): string {
  const needed = row.parts.filter((part) => part.optional !== true);
  const parts = needed.length === 0 && row.alternatives ? row.parts.slice(0, 1) : needed;
  return [row.keyword, ...parts.map((part, i) => withWord(part, partSnippet(part, i + 1)))].join(" ");
}

export const withWord = (part: Part, text: string): string => (part.word === undefined ? text : `${part.word} ${text}`);

export function partSnippet(part: Part, stop: number): string {
  const stopAt = (text: string): string => `\${${stop}:${text}}`;
  switch (part.kind) {
    case "duration":
      return stopAt("1m");
    case "durations":
      return stopAt("100ms..10s");
    case "size":
      return stopAt("1MiB");
    case "int":
    case "replicas":
      return stopAt("1");
    case "number":
      return stopAt(part.default ?? "1.0");
    case "rate":
      return stopAt("100/s");
    case "bool":
      return stopAt("true");
    case "string":
      return part.sample === undefined ? `"$${stop}"` : `"""\n\${${stop}:${part.sample}}\n"""`;
    case "word":
      return stopAt(part.choices?.[0]?.name ?? "");
    case "expr":
      return part.type === "bool" ? stopAt("true") : part.type === "timestamp" ? stopAt("event.time") : `$${stop}`;
    case "options":
      return optionsSnippet(
        (part.options ?? []).filter((option) => option.required),
        stop,
      );
    case "fields":
    case "record":
    case "block":
    case "event":
      return `{ $${stop} }`;
    case "events":
      return `[$${stop}]`;
    case "path":
    case "paths":
      return `data.$${stop}`;
    default:
      return `$${stop}`;
  }
}

/** @param given options that the pipeline's defaults give already */
export function connectorSnippet(row: ConnectorRow, options: readonly OptionRow[], given: ReadonlySet<string>): string {
  const needed = options.filter((option) => isNeeded(row, option) && !given.has(option.name));
  return `${row.name} ${optionsSnippet(needed, 1)}`;
}

export const isNeeded = (row: ConnectorRow, { name, required }: OptionRow): boolean =>
  required === true || name === connectionOf[row.name] || (row.name === "db" && name === "table");

function optionsSnippet(options: readonly OptionRow[], stop: number): string {
  if (options.length === 0) return `{$${stop}}`;
  let next = stop;
  const texts = options.map((option) => {
    const text = `${option.name}: ${optionSnippet(option, next)}`;
    next += option.kind === "secret" ? 2 : 1;
    return text;
  });
  return `{ ${texts.join(", ")} }`;
}

export function optionSnippet(option: OptionRow, stop: number): string {
  const stopAt = (text: string): string => `\${${stop}:${text}}`;
  switch (option.kind) {
    case "string":
      return `"$${stop}"`;
    case "strings":
      return `["$${stop}"]`;
    case "choice":
      return `"${stopAt(option.choices?.[0]?.name ?? "")}"`;
    case "duration":
      return stopAt(String(option.default ?? "1m"));
    case "size":
      return stopAt(String(option.default ?? "1MiB"));
    case "rate":
      return stopAt(String(option.default ?? "100/s"));
    case "int":
      return stopAt(String(option.default ?? option.limit?.least ?? 1));
    case "number":
      return stopAt(String(option.default ?? option.limit?.least ?? "1.0"));
    case "bool":
      return stopAt(option.default === true ? "false" : "true");
    case "options":
    case "map":
      return `{ $${stop} }`;
    case "secret":
      return `secret("$${stop}", "\${${stop + 1}:value}")`;
    default:
      return `$${stop}`;
  }
}
