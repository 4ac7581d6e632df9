/** docs/reference/types.md, variables.md and functions.md. */
import { functions } from "../../catalog/functions.ts";
import type { FunctionRow } from "../../catalog/rows.ts";
import { types } from "../../catalog/types.ts";
import { variables } from "../../catalog/variables.ts";
import { code, generatedBy, page, table } from "./markdown.ts";

export function typesPage(): string {
  return page(
    generatedBy("compiler/catalog/types.ts"),
    "# Types",
    table(
      ["type", "what it holds", "in JSON", "example"],
      types.map((row) => [code(row.name), row.doc, row.json, code(row.example)]),
    ),
    "## Made from other types",
    table(
      ["written", "what it is"],
      [
        [
          "`{ id: string, note?: string }`",
          "A record. `?` marks a field that may be absent. Fields not named travel along unseen.",
        ],
        ["`[string]`", "A list."],
        ["`{string: int}`", "A map; its keys are strings, ints, uints or bools."],
        ['`"buy" | "sell"`', "One of some literals."],
        ["`string | null`", "One of some types."],
        ["`Order`", "A type of the file, or of an imported one."],
      ],
    ),
  );
}

export function variablesPage(): string {
  return page(
    generatedBy("compiler/catalog/variables.ts"),
    "# Variables",
    "The names that expressions see without declaring them. Besides these: params, tables (`table[key]`, an optional row), the aliases of a join, and functions of the file.",
    ...variables.flatMap((row) => [
      `## ${row.name}`,
      `${row.doc} In ${row.where}. Example: ${code(row.example)}.`,
      row.fields === undefined
        ? ""
        : table(
            ["field", "type", "what it is"],
            row.fields.map((field) => [
              code(`${row.name}.${field.name}${field.optional ? "?" : ""}`),
              code(field.type),
              field.doc,
            ]),
          ),
      row.fields !== undefined && row.open ? "Other fields are allowed, of type `any`." : "",
    ]),
  );
}

const libraryTitles: Readonly<Record<FunctionRow["library"], string>> = {
  core: "Core",
  strings: "Strings",
  lists: "Lists",
  optional: "Optional values",
  math: "Math",
  sets: "Sets",
  encoders: "Encoders",
  regex: "Regular expressions",
  bindings: "Bindings",
  stream: "Streams",
};

export function functionsPage(): string {
  const plain = functions.filter((row) => row.style !== "aggregate" && row.style !== "operator");
  const libraries = [...new Set(plain.map((row) => row.library))];
  const operators = functions.filter((row) => row.style === "operator");
  const aggregates = functions.filter((row) => row.style === "aggregate");
  return page(
    generatedBy("compiler/catalog/functions.ts"),
    "# Functions",
    "Expressions are [CEL](https://cel.dev). Regular expressions run in linear time, with the syntax of RE2. In the tables, `T` is the type of an argument or of the elements of a list, `O` one that has an order, and `?` marks what may be left out.",
    "## Aggregates",
    "Only in `emit` and `where` of a window or chunk.",
    functionTable(aggregates),
    ...libraries.flatMap((library) => [
      `## ${libraryTitles[library]}`,
      functionTable(plain.filter((row) => row.library === library)),
    ]),
    "## Operators",
    "By falling precedence: `.` `[]` · `!` `-` · `*` `/` `%` · `+` `-` · `==` `!=` `<` `<=` `>` `>=` `in` · `&&` · `||` · `?:`.",
    functionTable(operators),
  );
}

function functionTable(rows: readonly FunctionRow[]): string {
  return table(
    ["function", "gives", "what it does", "example"],
    rows.map((row) => [
      code(signature(row)),
      resultOf(row),
      row.doc + (row.runtime ? "" : " The embedded runtime does not have it yet."),
      code(row.example),
    ]),
  );
}

/** `text.split(separator, limit?)`, `size(value)`, `x + x`. */
function signature(row: FunctionRow): string {
  if (row.style === "operator") return operatorSignature(row.name);
  const fewest = Math.min(...row.overloads.map((overload) => overload.parameters.length), row.parameters.length);
  const needed = row.overloads.length === 0 ? row.parameters.length : fewest;
  const [first = "", ...rest] = row.parameters.map((name, i) => (i < needed ? name : `${name}?`));
  const isMethod = row.style === "method" || row.style === "both";
  const isMacroOn = row.style === "macro" && row.parameters.length > 1 && !row.name.includes(".");
  return isMethod || isMacroOn
    ? `${first}.${row.name}(${rest.join(", ")})`
    : `${row.name}(${[first, ...rest].filter((name) => name !== "").join(", ")})`;
}

/** CEL's names of operators have `_` for an operand: `_+_`, `-_`, `@in`. */
const operatorSignature = (name: string): string =>
  name === "@in"
    ? "x in x"
    : name.replace(/_?([^_]+)_/, (all, sign: string) => (all.startsWith("_") ? `x ${sign} x` : `${sign}x`));

const mostResults = 3;

function resultOf(row: FunctionRow): string {
  const results = [...new Set(row.overloads.map((overload) => overload.result))];
  if (results.length === 0) return "";
  return results.length > mostResults ? "depends" : results.map(code).join(" or ");
}
