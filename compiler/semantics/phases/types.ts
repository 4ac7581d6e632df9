/** Makes the table of named types: declared ones, those from a JSON Schema, those inferred from a sample file. */
import type { TypeTable, ValueType } from "../../contract/value-type.ts";
import type { TypeDeclaration } from "../../syntax/ast.ts";
import { inferTypeOfText } from "../infer-type.ts";
import { typesOfJsonSchema } from "../json-schema.ts";
import type { Names, Program, ProgramFile } from "../program.ts";
import { typeOfExpression } from "../type-expressions.ts";
import { unknownType } from "../types.ts";

/** @param reads the files that were read are written down here, with their texts. */
export function declareTypes(
  program: Program,
  names: Names,
  reads: Map<string, string | undefined> = new Map(),
): TypeTable {
  const types: Record<string, ValueType> = Object.create(null);
  for (const symbol of names.types.values()) {
    const file = program.files.find((each) => each.path === symbol.at.file)!;
    types[symbol.name] = definedType(symbol.declaration as TypeDeclaration, file, program, names, types, reads);
  }
  reportAliasCycles(names, types, program);
  return types;
}

function definedType(
  declaration: TypeDeclaration,
  file: ProgramFile,
  program: Program,
  names: Names,
  types: Record<string, ValueType>,
  reads: Map<string, string | undefined>,
): ValueType {
  const { definition } = declaration;
  if (definition.kind === "type") {
    return typeOfExpression(definition.type, { file: file.path, report: file.report, names });
  }
  if (definition.path.kind !== "string") return unknownType;
  const path = program.host.resolve(file.path, definition.path.value);
  program.dependencies.add(path);
  const text = program.host.readFile(path);
  reads.set(path, text);
  if (text === undefined) {
    file.report("FLOW2021", definition.path.span, { path: definition.path.value, what: definition.from });
    return unknownType;
  }
  return definition.from === "schema"
    ? fromSchema(text, declaration, file, names, types)
    : fromSample(text, declaration, file);
}

/** The definitions inside the schema become types of their own beside it. */
function fromSchema(
  text: string,
  declaration: TypeDeclaration,
  file: ProgramFile,
  names: Names,
  types: Record<string, ValueType>,
): ValueType {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    return problem("it is not JSON", declaration, file);
  }
  const read = typesOfJsonSchema(
    schema,
    declaration.name.text,
    (name) => names.types.has(name) || Object.hasOwn(types, name),
  );
  if (read.unresolved.length > 0)
    return problem(`its link '${read.unresolved[0]}' leads to nothing inside it`, declaration, file);
  Object.assign(types, read.types);
  return read.type;
}

function fromSample(text: string, declaration: TypeDeclaration, file: ProgramFile): ValueType {
  const sample = inferTypeOfText(text);
  if ("type" in sample) return sample.type;
  return problem(`${sample.problem}${sample.line > 0 ? ` in line ${sample.line}` : ""}`, declaration, file);
}

function problem(text: string, { definition }: TypeDeclaration, file: ProgramFile): ValueType {
  if (definition.kind === "from" && definition.path.kind === "string") {
    file.report("FLOW3027", definition.path.span, {
      path: definition.path.value,
      what: definition.from,
      problem: text,
    });
  }
  return unknownType;
}

/** A type whose definition leads back to itself through names only has no value. */
function reportAliasCycles(names: Names, types: Record<string, ValueType>, program: Program): void {
  const reported = new Set<string>();
  for (const symbol of names.types.values()) {
    const path: string[] = [];
    let at: ValueType | undefined = { kind: "ref", name: symbol.name };
    while (at?.kind === "ref" && !path.includes(at.name)) {
      path.push(at.name);
      at = types[at.name];
    }
    if (at?.kind !== "ref" || reported.has(at.name)) continue;
    for (const name of path) reported.add(name);
    const cycle = [...path.slice(path.indexOf(at.name)), at.name].join(" → ");
    program.files.find((each) => each.path === symbol.at.file)!.report("FLOW3506", symbol.at, { name: at.name, cycle });
    for (const name of path) types[name] = unknownType;
  }
}
