/** What the catalogue says of its rows, as Markdown: for hover and for the documentation of completions. */
import type { ClauseRow, ConnectorRow, DeclarationRow, FunctionRow, OptionRow, Overload } from "../catalog/rows.ts";
import type { TypeRow } from "../catalog/types.ts";
import { clauseSignature } from "../emit/docs/clause-signature.ts";

export const flow = (text: string): string => `\`\`\`flow\n${text.trim()}\n\`\`\``;
export const paragraphs = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== "").join("\n\n");

const notRun = (runtime: boolean): string | undefined =>
  runtime ? undefined : "_Checked and compiled; `flow run` does not have it yet._";

export const declarationDoc = (row: DeclarationRow): string =>
  paragraphs(flow(row.signature), row.doc, flow(row.example));

export function clauseDoc(row: ClauseRow): string {
  const parts = row.parts
    .filter((part) => part.kind !== "options" || part.doc !== row.doc)
    .map((part) => {
      const name = part.word ?? part.name;
      const given = part.default === undefined ? "" : ` Default: \`${part.default}\`.`;
      return `- \`${name}\`: ${part.doc}${given}`;
    });
  return paragraphs(flow(clauseSignature(row)), row.doc, parts.join("\n"), flow(row.example), notRun(row.runtime));
}

export const connectorDoc = (row: ConnectorRow): string =>
  paragraphs(flow(`${row.name} { … }`), row.doc, flow(row.example), notRun(row.runtime));

export function optionDoc(row: OptionRow): string {
  const given = row.default === undefined ? undefined : `Default: \`${String(row.default)}\`.`;
  const required = row.required ? "Must be given." : undefined;
  const limit = row.limit ? `Must be ${row.limit.says}.` : undefined;
  const choices = row.choices?.map((choice) => `- \`${choice.name}\`: ${choice.doc}`).join("\n");
  return paragraphs(flow(`${row.name}: ${optionType(row)}`), row.doc, choices, limit, required ?? given);
}

export const optionType = (row: OptionRow): string =>
  row.kind === "choice"
    ? (row.choices ?? []).map(({ name }) => `"${name}"`).join(" | ")
    : row.kind === "strings"
      ? "[string]"
      : row.kind === "expr"
        ? `expression${row.type === undefined ? "" : `: ${row.type}`}`
        : row.kind === "map"
          ? "{string: string}"
          : row.kind;

export const typeDoc = (row: TypeRow): string => paragraphs(flow(row.name), row.doc, `In JSON: ${row.json}.`);

/** `x.split(separator: string): [string]`, one for each overload. */
export function functionSignatures(row: FunctionRow, asMethod: boolean): readonly FunctionSignature[] {
  const overloads: readonly Pick<Overload, "parameters" | "result">[] =
    row.overloads.length > 0 ? row.overloads : [{ parameters: row.parameters.map(() => ""), result: "" }];
  return overloads.map((overload) => {
    const named = overload.parameters.map((type, i) => ({ name: row.parameters[i] ?? `value${i}`, type }));
    const [receiver, ...rest] = asMethod ? named : [undefined, ...named];
    const before = receiver ? `${receiver.type || receiver.name}.` : "";
    let label = `${before}${row.name}(`;
    const parameters = rest.map((parameter, i) => {
      if (i > 0) label += ", ";
      const start = label.length;
      label += parameter ? typed(parameter.name, parameter.type) : "";
      return { start, end: label.length };
    });
    return { label: typed(`${label})`, overload.result), parameters };
  });
}

const typed = (name: string, type: string): string => (type === "" ? name : `${name}: ${type}`);

export interface FunctionSignature {
  readonly label: string;
  readonly parameters: readonly { readonly start: number; readonly end: number }[];
}

export function functionDoc(row: FunctionRow): string {
  const asMethod = row.style === "method" || row.style === "macro";
  const signatures = functionSignatures(row, asMethod).map(({ label }) => label);
  return paragraphs(flow(signatures.join("\n")), row.doc, flow(row.example), notRun(row.runtime));
}
