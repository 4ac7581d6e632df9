/** Tables of options, as connectors, formats and clauses have them. */
import type { OptionRow } from "../../catalog/rows.ts";
import { code, table } from "./markdown.ts";

/** Nested options stand as `sasl.username`. "" when there are none. */
export function optionTable(options: readonly OptionRow[]): string {
  if (options.length === 0) return "";
  const rows = options.flatMap((option) => optionLines(option, ""));
  return table(["option", "type", "default", "in", "what it says"], rows);
}

function optionLines(option: OptionRow, before: string): string[][] {
  const name = before + option.name;
  const own = [
    code(name),
    kindOf(option),
    defaultOf(option),
    (option.roles ?? []).map(roleName).join(", "),
    docOf(option),
  ];
  return [own, ...(option.options ?? []).flatMap((inner) => optionLines(inner, `${name}.`))];
}

export const roleName = (role: string): string => role.replaceAll("_", " ");

const kindNames: Readonly<Record<string, string>> = {
  strings: "list of strings",
  expr: "expression",
  map: "record of strings",
  value: "any constant",
  options: "record",
  secret: '`secret("name", "key")`',
  choice: "",
};

function kindOf(option: OptionRow): string {
  if (option.choices !== undefined)
    return option.choices.map((choice) => code(JSON.stringify(choice.name))).join(" or ");
  const kind = option.orBool ? "bool or record" : (kindNames[option.kind] ?? option.kind);
  return option.type === undefined ? kind : `${kind} of type ${code(option.type)}`;
}

function defaultOf(option: OptionRow): string {
  if (option.required === true) return "required";
  if (option.default === undefined) return "";
  const literal =
    option.kind === "string" || option.kind === "choice" ? JSON.stringify(option.default) : String(option.default);
  return code(literal);
}

function docOf(option: OptionRow): string {
  const choices = (option.choices ?? []).filter((choice) => choice.doc.replace(/\.$/, "") !== choice.name);
  return [option.doc, ...choices.map((choice) => `${code(choice.name)}: ${choice.doc}`)].join(" ");
}
