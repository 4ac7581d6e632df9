/** A `type` for a source that declares none: from what is read of it, and from records that are at hand. */
import type { ValueType } from "../../contract/value-type.ts";
import { inferTypeOfText } from "../../semantics/infer-type.ts";
import type { ModelNode } from "../../semantics/model.ts";
import { anyType, fieldOf, listOf, printValueType, recordOf } from "../../semantics/types.ts";
import type { TypeDeclaration } from "../../syntax/ast.ts";
import { allParts } from "../syntax-path.ts";
import type { Edit } from "../types.ts";
import { typeNameFrom } from "./free-names.ts";
import type { Place, Refactorer, Refactoring } from "./refactoring.ts";
import { declarationAt, nodeHeadAt, withComments } from "./selected.ts";
import { recordsOf } from "./test-records.ts";
import { usedType } from "./used-type.ts";

const kind = "refactor.extract.type";

export const typeOfSource: Refactorer = (place) => {
  const { model } = place.analysis;
  const declaration = nodeHeadAt(place);
  const source = model.nodes.find((one) => one.declaration === declaration && one.kind === "source");
  if (!source || source.declaration.type || source.inputType.kind !== "any" || source.file !== place.path) return [];
  const name = typeNameFrom(source.name, model);
  const used = usedType(source, model);
  const records = recordsOf(source, model);
  const sample = sampleOf(source, place);
  return [
    ...(used
      ? [
          offer(`Declare type '${name}' from what is read of '${source.name}'`, name, source, place, () =>
            fitted(used, records, source),
          ),
        ]
      : []),
    ...(records === "" ? [] : fromText(`Declare type '${name}' from the records in this file`, records)),
    ...(sample === undefined
      ? []
      : fromText(`Declare type '${name}' from the file that '${source.name}' reads`, sample)),
  ];

  function fromText(title: string, text: string): readonly Refactoring[] {
    const inferred = recordIn(text);
    return inferred
      ? [offer(title, name, source!, place, () => fitted(used ? merged(inferred, used) : inferred, records, source!))]
      : [];
  }
};

function offer(title: string, name: string, source: ModelNode, place: Place, type: () => ValueType): Refactoring {
  return {
    title,
    kind,
    edits: () => declared(name, type(), source, place),
    plainer: () => declared(name, withoutScalars(type()), source, place),
  };
}

function declared(name: string, type: ValueType, { declaration }: ModelNode, place: Place): readonly Edit[] {
  const { analysis, path: file, text } = place;
  const { start } = withComments(analysis.tree, text, declaration);
  const { end } = declaration.name.span;
  return [
    { file, start, end: start, newText: `type ${name} ${printValueType(type)}\n\n` },
    { file, start: end, end, newText: `: ${name}` },
  ];
}

/** The type of the records in a text, when they are records. */
function recordIn(text: string): ValueType | undefined {
  const found = inferTypeOfText(text);
  return "type" in found && found.type.kind === "record" && found.type.fields.length > 0 ? found.type : undefined;
}

/** What the local file of the source holds, when it is of JSON. */
function sampleOf({ connector, format }: ModelNode, { ws, path }: Place): string | undefined {
  const given = connector?.row.name === "file" ? connector.options.get("path")?.value : undefined;
  if (typeof given !== "string" || format.row.name !== "json") return undefined;
  return ws.host.readFile(ws.host.resolve(path, given));
}

/** Fields that are read and were not seen may be there or not. */
function merged(seen: ValueType, used: ValueType): ValueType {
  if (seen.kind === "list" && used.kind === "list") return listOf(merged(seen.element, used.element));
  if (seen.kind !== "record" || used.kind !== "record") return seen;
  const fields = seen.fields.map((field) => {
    const other = fieldOf(used, field.name);
    return other
      ? { ...field, type: merged(field.type, other.type), optional: field.optional || other.optional }
      : field;
  });
  return recordOf([...fields, ...used.fields.filter(({ name }) => !fieldOf(seen, name))]);
}

/** What the records at hand may lack is optional, but for the time, which tests give by `at`. */
function fitted(type: ValueType, records: string, source: ModelNode): ValueType {
  const seen = records === "" ? undefined : recordIn(records);
  if (type.kind !== "record" || seen?.kind !== "record") return type;
  const time = source.clauses.find(({ keyword }) => keyword === "time");
  const timely = time ? [...allParts(time.syntax)].map((part) => ("field" in part ? fieldName(part.field) : "")) : [];
  return recordOf(
    type.fields.map((field) => {
      const isThere = timely.includes(field.name) || fieldOf(seen, field.name)?.optional === false;
      return isThere ? field : { ...field, optional: true };
    }),
  );
}

const fieldName = (field: unknown): string =>
  typeof field === "object" && field !== null && "text" in field ? String(field.text) : "";

/** The same fields with any values. */
function withoutScalars(type: ValueType): ValueType {
  if (type.kind === "record")
    return recordOf(type.fields.map((field) => ({ ...field, type: withoutScalars(field.type) })));
  if (type.kind === "list") return listOf(withoutScalars(type.element));
  return type.kind === "timestamp" ? type : anyType;
}

/** `type Order from sample("orders.ndjson")` becomes the type that was inferred, so that it can be mended. */
export const writeTypeOut: Refactorer = (place) => {
  const declaration = declarationAt(place);
  const { model } = place.analysis;
  if (
    declaration?.kind !== "type" ||
    declaration.definition.kind !== "from" ||
    declaration.definition.from !== "sample"
  )
    return [];
  const type = model.types[declaration.name.text];
  if (!type || type.kind === "unknown") return [];
  const title = `Write out the type '${declaration.name.text}'`;
  return [{ title, kind: "refactor.rewrite.type", edits: () => writtenOut(declaration, type, place) }];
};

const writtenOut = ({ definition }: TypeDeclaration, type: ValueType, { path }: Place): readonly Edit[] => [
  { file: path, start: definition.span.start, end: definition.span.end, newText: printValueType(type) },
];
