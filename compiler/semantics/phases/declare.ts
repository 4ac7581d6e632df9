/** Collects every declared name of all files into one table, and reports those that cannot stand. */

import { kebabKey } from "../../source/kebab.ts";
import type {
  Declaration,
  FnDeclaration,
  Name,
  NodeDeclaration,
  ParamDeclaration,
  TypeDeclaration,
} from "../../syntax/ast.ts";
import type { Names, Program, ProgramFile, SymbolEntry } from "../program.ts";
import { expressionVariables, namePattern, reservedWords, scalarTypeNames, testWords } from "../reserved.ts";

type Named = Extract<Declaration, { readonly name: Name }>;
type Value = NodeDeclaration | ParamDeclaration | FnDeclaration;

export function declare(program: Program): Names {
  const names: Names = {
    symbols: [],
    types: new Map(),
    aliases: new Map(),
    values: new Map(),
    meant: new Set(),
    nodes: [],
  };
  for (const file of program.files) {
    for (const declaration of file.tree.declarations) {
      if (!("name" in declaration) || declaration.name.text === "") continue;
      if (declaration.kind === "pipeline") declarePipeline(names, program, file, declaration);
      else if (declaration.kind === "type") declareType(names, file, declaration);
      else if (isShared(declaration) || file === program.main) declareValue(names, file, declaration);
    }
  }
  reportCollisions(names, program.main);
  return names;
}

/** What an import takes from a file. */
const isShared = (declaration: Declaration): boolean => declaration.kind === "param" || declaration.kind === "fn";

function declarePipeline(names: Names, program: Program, file: ProgramFile, declaration: Named): void {
  if (file !== program.main) return;
  const first = names.symbols.find((symbol) => symbol.kind === "pipeline");
  if (first) {
    file.report(
      "FLOW2003",
      declaration.name.span,
      {
        name: declaration.name.text,
        what: "A file has one 'pipeline' header; this is another",
        advice: "Take one of them away.",
      },
      earlier(first),
    );
    return;
  }
  names.symbols.push(entry(file, declaration));
}

function declareType(names: Names, file: ProgramFile, declaration: TypeDeclaration): void {
  const { name } = declaration;
  const first = names.types.get(name.text);
  if (first) {
    reportDuplicate(names, file, name, "type", first);
    return;
  }
  const symbol = entry(file, declaration);
  if (scalarTypeNames.has(name.text)) {
    file.report("FLOW2005", name.span, { name: name.text, why: "is a type of the language" });
    names.meant.add(symbol);
  }
  names.types.set(name.text, symbol);
  names.symbols.push(symbol);
}

function declareValue(names: Names, file: ProgramFile, declaration: Declaration): void {
  const value = declaration as Value;
  const { name } = value;
  if (value.kind !== "param" && value.kind !== "fn") names.nodes.push(value);
  const first = names.values.get(name.text);
  if (first) {
    reportDuplicate(names, file, name, value.kind, first);
    return;
  }
  const symbol = entry(file, value);
  checkReserved(names, file, value, symbol);
  names.values.set(name.text, symbol);
  names.symbols.push(symbol);
}

function entry(file: ProgramFile, declaration: Named): SymbolEntry {
  const { name } = declaration;
  return {
    kind: declaration.kind,
    name: name.text,
    at: { file: file.path, start: name.span.start, end: name.span.end },
    declaration,
    uses: [],
  };
}

function reportDuplicate(names: Names, file: ProgramFile, name: Name, kind: string, first: SymbolEntry): void {
  names.meant.add(first);
  const what =
    first.kind === kind
      ? `There is already a ${kind} '${name.text}'`
      : `'${name.text}' is already the name of a ${first.kind}`;
  file.report("FLOW2003", name.span, { name: name.text, what }, earlier(first));
}

const earlier = (first: SymbolEntry) => ({ related: [{ at: first.at, message: "The first is here." }] });

function checkReserved(names: Names, file: ProgramFile, { kind, name }: Value, symbol: SymbolEntry): void {
  const { text } = name;
  const inExpressions = kind === "param" || kind === "fn" || kind === "table";
  const why = reservedWords.has(text)
    ? "is a word of the language"
    : inExpressions && expressionVariables.has(text)
      ? "means something in every expression"
      : !inExpressions && testWords.has(text)
        ? "begins a statement of a test"
        : undefined;
  if (why === undefined) return;
  file.report("FLOW2005", name.span, { name: text, why });
  names.meant.add(symbol);
}

/** Nodes that would have one name in Kubernetes and Kafka. */
function reportCollisions(names: Names, main: ProgramFile): void {
  const byKebab = new Map<string, SymbolEntry>();
  for (const node of names.nodes) {
    const symbol = names.values.get(node.name.text)!;
    if (symbol.declaration !== node) continue;
    const key = kebabKey(node.name.text);
    const first = byKebab.get(key);
    if (!first) byKebab.set(key, symbol);
    else if (namePattern.test(node.name.text) && namePattern.test(first.name)) {
      main.report("FLOW2006", node.name.span, { name: node.name.text, other: first.name, kebab: key }, earlier(first));
    }
  }
}
