/**
 * Types from a JSON Schema (drafts 4 to 2020-12, and OpenAPI's `nullable`): `type Order from schema("order.schema.json")`.
 * What a type cannot say (patterns, minima) is left out; what is not understood is `any`. Never follows a link elsewhere.
 */
import type { RecordField, TypeTable, ValueType } from "../contract/value-type.ts";
import {
  anyType,
  boolType,
  bytesType,
  doubleType,
  intType,
  listOf,
  mapOf,
  nullType,
  recordOf,
  stringType,
  timestampType,
  unionOf,
} from "./types.ts";

type Json = Readonly<Record<string, unknown>>;

export interface SchemaTypes {
  readonly type: ValueType;
  /** The schema's own definitions, under names that are free. */
  readonly types: TypeTable;
  /** Links that lead elsewhere or nowhere; they became `any`. */
  readonly unresolved: readonly string[];
}

interface Reader {
  readonly root: unknown;
  readonly rootName: string;
  /** The names of definitions by where they are, `#/$defs/line`; the root is `#`. */
  readonly nameByPointer: Map<string, string>;
  readonly types: Record<string, ValueType>;
  readonly taken: (name: string) => boolean;
  readonly unresolved: Set<string>;
}

/** `name` is that of the type declared; `taken` says which names of types are used already. */
export function typesOfJsonSchema(schema: unknown, name: string, taken: (name: string) => boolean): SchemaTypes {
  const reader: Reader = {
    root: schema,
    rootName: name,
    nameByPointer: new Map([["#", name]]),
    types: Object.create(null),
    taken,
    unresolved: new Set(),
  };
  const type = typeOf(schema, reader, 0);
  return { type, types: reader.types, unresolved: [...reader.unresolved] };
}

const deepest = 60;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function typeOf(schema: unknown, reader: Reader, depth: number): ValueType {
  if (!isObject(schema) || depth > deepest) return anyType;
  const type = plainType(schema, reader, depth + 1);
  return schema.nullable === true ? unionOf([type, nullType]) : type;
}

function plainType(schema: Json, reader: Reader, depth: number): ValueType {
  if (typeof schema.$ref === "string") return linkedType(schema.$ref, reader, depth);
  if ("const" in schema) return literal(schema.const);
  if (Array.isArray(schema.enum)) return unionOrAny(schema.enum.map(literal));
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices))
    return unionOrAny(choices.map((choice) => typeOf(withOuter(choice, schema), reader, depth)));
  if (Array.isArray(schema.allOf)) return allOf([...schema.allOf, { ...schema, allOf: undefined }], reader, depth);
  const { type } = schema;
  if (Array.isArray(type)) return unionOrAny(type.map((each) => typeNamed(each, schema, reader, depth)));
  return typeNamed(type ?? impliedType(schema), schema, reader, depth);
}

/** A choice among records often leaves the type to what surrounds it. */
const withOuter = (choice: unknown, outer: Json): unknown =>
  isObject(choice) && isObject(outer.properties) && !("$ref" in choice)
    ? {
        ...outer,
        anyOf: undefined,
        oneOf: undefined,
        ...choice,
        properties: { ...outer.properties, ...(isObject(choice.properties) ? choice.properties : {}) },
      }
    : choice;

const impliedType = (schema: Json): string | undefined =>
  "properties" in schema || "additionalProperties" in schema ? "object" : "items" in schema ? "array" : undefined;

function unionOrAny(members: readonly ValueType[]): ValueType {
  return members.length === 0 || members.some((member) => member.kind === "any") ? anyType : unionOf(members);
}

function literal(value: unknown): ValueType {
  if (value === null) return nullType;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? { kind: "literal", value }
    : anyType;
}

function typeNamed(name: unknown, schema: Json, reader: Reader, depth: number): ValueType {
  switch (name) {
    case "null":
      return nullType;
    case "boolean":
      return boolType;
    case "integer":
      return schema.format === "uint64" ? { kind: "uint" } : intType;
    case "number":
      return doubleType;
    case "string":
      return stringOfFormat(schema);
    case "array":
      return listOf(
        Array.isArray(schema.items) || "prefixItems" in schema ? anyType : typeOf(schema.items, reader, depth),
      );
    case "object":
      return objectType(schema, reader, depth);
    default:
      return anyType;
  }
}

/** JSON Schema's `duration` is ISO 8601 (`P1D`), which our durations are not: it stays text. */
function stringOfFormat(schema: Json): ValueType {
  if (schema.format === "date-time") return timestampType;
  return schema.contentEncoding === "base64" || schema.format === "byte" ? bytesType : stringType;
}

function objectType(schema: Json, reader: Reader, depth: number): ValueType {
  const { properties, required, additionalProperties } = schema;
  if (!isObject(properties)) {
    const patterns = isObject(schema.patternProperties) ? Object.values(schema.patternProperties) : [];
    const values = isObject(additionalProperties) ? [...patterns, additionalProperties] : patterns;
    return mapOf(stringType, values.length === 1 ? typeOf(values[0], reader, depth) : anyType);
  }
  const needed = new Set(Array.isArray(required) ? required : []);
  return recordOf(
    Object.entries(properties).map(([name, property]): RecordField => {
      const doc = isObject(property) && typeof property.description === "string" ? property.description : undefined;
      return {
        name,
        type: typeOf(property, reader, depth),
        optional: !needed.has(name),
        ...(doc === undefined ? {} : { doc }),
      };
    }),
  );
}

/** The fields of all of them; anything but records is taken from the first that says something. */
function allOf(parts: readonly unknown[], reader: Reader, depth: number): ValueType {
  const types = parts.map((part) => openUp(typeOf(part, reader, depth), reader)).filter((type) => type.kind !== "any");
  const fields = new Map<string, RecordField>();
  for (const type of types)
    if (type.kind === "record")
      for (const field of type.fields) fields.set(field.name, mergeField(fields.get(field.name), field));
  return fields.size > 0 ? recordOf([...fields.values()]) : (types[0] ?? anyType);
}

const mergeField = (before: RecordField | undefined, field: RecordField): RecordField =>
  before
    ? {
        ...field,
        optional: before.optional && field.optional,
        type: field.type.kind === "any" ? before.type : field.type,
      }
    : field;

const openUp = (type: ValueType, reader: Reader): ValueType =>
  type.kind === "ref" ? (reader.types[type.name] ?? type) : type;

function linkedType(link: string, reader: Reader, depth: number): ValueType {
  const known = reader.nameByPointer.get(link);
  if (known !== undefined) return { kind: "ref", name: known };
  const target = link.startsWith("#/") ? at(reader.root, link) : undefined;
  if (target === undefined) {
    reader.unresolved.add(link);
    return anyType;
  }
  const name = freeName(link.slice(link.lastIndexOf("/") + 1), reader);
  reader.nameByPointer.set(link, name);
  reader.types[name] = anyType;
  reader.types[name] = typeOf(target, reader, depth);
  return { kind: "ref", name };
}

/** What a JSON pointer leads to. */
function at(root: unknown, link: string): unknown {
  let value = root;
  for (const step of link.slice(2).split("/")) {
    const key = decode(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Json)[key];
  }
  return value;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A name of a type, `order-line` → `OrderLine`, that nothing else has. */
function freeName(text: string, reader: Reader): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const pascal = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
  const base = /^[A-Za-z]/.test(pascal) ? pascal : `${reader.rootName}${pascal}`;
  const isFree = (name: string): boolean =>
    name !== reader.rootName && !reader.taken(name) && !Object.hasOwn(reader.types, name);
  if (isFree(base)) return base;
  let name = `${reader.rootName}${base}`;
  for (let n = 2; !isFree(name); n++) name = `${reader.rootName}${base}${n}`;
  return name;
}
