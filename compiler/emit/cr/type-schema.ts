/**
 * Value types as JSON Schema, and exactly back. Only the schemas written here are read back; schemas from elsewhere come
 * in by `type T from schema("…")`.
 */
import type { CrObject, CrValue } from "../../contract/pipeline.ts";
import type { RecordField, ScalarKind, ValueType } from "../../contract/value-type.ts";

const scalars: Partial<Record<ScalarKind, CrObject>> = {
  null: { type: "null" },
  bool: { type: "boolean" },
  int: { type: "integer", format: "int64" },
  uint: { type: "integer", format: "uint64", minimum: 0 },
  double: { type: "number", format: "double" },
  string: { type: "string" },
  bytes: { type: "string", format: "byte" },
  timestamp: { type: "string", format: "date-time" },
  duration: { type: "string", format: "duration" },
};

const reference = "#/spec/types/";

export function typeSchema(type: ValueType): CrObject {
  switch (type.kind) {
    case "literal":
      return { const: type.value };
    case "union": {
      const literals = type.members.flatMap((member) => (member.kind === "literal" ? [member.value] : []));
      if (literals.length === type.members.length) return { enum: literals };
      const schemas = type.members.map(typeSchema);
      // What may be a type, which JSON has not, may be anything.
      return schemas.some((schema) => Object.keys(schema).length === 0) ? {} : { anyOf: schemas };
    }
    case "list":
      return { type: "array", items: typeSchema(type.element) };
    case "map": {
      const key = type.key.kind === "string" ? {} : { propertyNames: typeSchema(type.key) };
      return { type: "object", ...key, additionalProperties: typeSchema(type.value) };
    }
    case "record":
      return recordSchema(type.fields);
    case "optional":
      return typeSchema(type.of);
    case "ref":
      return { $ref: `${reference}${type.name}` };
    default:
      return scalars[type.kind] ?? {};
  }
}

function recordSchema(fields: readonly RecordField[]): CrObject {
  const required = fields.filter((field) => !field.optional).map((field) => field.name);
  const property = (field: RecordField): CrObject => ({
    ...typeSchema(field.type),
    ...(field.doc === undefined ? {} : { description: field.doc }),
  });
  return {
    type: "object",
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(fields.map((field) => [field.name, property(field)])),
  };
}

/** Keywords that a schema of a kind may have, besides `description`; any other would be lost. */
const keywords: ReadonlyMap<string, readonly string[]> = new Map([
  ["any", []],
  ["$ref", ["$ref"]],
  ["const", ["const"]],
  ["enum", ["enum"]],
  ["anyOf", ["anyOf"]],
  ["null", ["type"]],
  ["boolean", ["type"]],
  ["integer", ["type", "format", "minimum"]],
  ["number", ["type", "format"]],
  ["string", ["type", "format"]],
  ["array", ["type", "items"]],
  ["object", ["type", "required", "properties", "propertyNames", "additionalProperties"]],
]);
/** By `type/format`. */
const formats: ReadonlyMap<string, ScalarKind> = new Map([
  ["string/byte", "bytes"],
  ["string/date-time", "timestamp"],
  ["string/duration", "duration"],
  ["integer/int64", "int"],
  ["integer/uint64", "uint"],
  ["number/double", "double"],
]);

/**
 * The type of a schema written by `typeSchema`; undefined where it says something .flow's types cannot, or where nothing
 * would keep it: a description belongs to a type with a name or to a field.
 */
export function typeOfSchema(schema: CrValue | undefined, depth = 0, mayDescribe = depth === 0): ValueType | undefined {
  if (!isObject(schema) || depth > 50) return undefined;
  const { type, format } = schema;
  const shape =
    ["$ref", "const", "enum", "anyOf"].find((keyword) => keyword in schema) ??
    (type === undefined ? "any" : String(type));
  const known = keywords.get(shape);
  if (known === undefined || !Object.keys(schema).every((key) => key === "description" || known.includes(key)))
    return undefined;
  const formatted = format === undefined ? undefined : formats.get(`${shape}/${String(format)}`);
  if ((format !== undefined && formatted === undefined) || !isBoundOf(formatted, schema.minimum)) return undefined;
  if (schema.description !== undefined && !(mayDescribe && typeof schema.description === "string")) return undefined;
  switch (shape) {
    case "any":
      return { kind: "any" };
    case "$ref":
      return typeof schema.$ref === "string" && schema.$ref.startsWith(reference)
        ? { kind: "ref", name: schema.$ref.slice(reference.length) }
        : undefined;
    case "const":
      return literal(schema.const);
    case "enum":
      return isList(schema.enum) ? union(schema.enum.map(literal)) : undefined;
    case "anyOf":
      return isList(schema.anyOf) ? union(schema.anyOf.map((one) => typeOfSchema(one, depth + 1))) : undefined;
    case "null":
      return { kind: "null" };
    case "boolean":
      return { kind: "bool" };
    case "integer":
    case "number":
      return { kind: formatted ?? (shape === "integer" ? "int" : "double") };
    case "string":
      return { kind: formatted ?? "string" };
    case "array": {
      const element = schema.items === undefined ? { kind: "any" as const } : typeOfSchema(schema.items, depth + 1);
      return element && { kind: "list", element };
    }
    default:
      return objectType(schema, depth);
  }
}

/** `uint` is written with its bound; any other bound has no type. */
const isBoundOf = (kind: ScalarKind | undefined, minimum: CrValue | undefined): boolean =>
  minimum === undefined || (kind === "uint" && minimum === 0);

function objectType(schema: CrObject, depth: number): ValueType | undefined {
  const { properties, additionalProperties, propertyNames, required } = schema;
  if (isObject(properties)) {
    const names = new Set(isList(required) ? required : []);
    const isOpen = additionalProperties === undefined || additionalProperties === true;
    if (
      !isOpen ||
      propertyNames !== undefined ||
      ![...names].every((name) => typeof name === "string" && Object.hasOwn(properties, name))
    )
      return undefined;
    const fields = Object.entries(properties).map(([name, property]): RecordField | undefined => {
      const type = typeOfSchema(property, depth + 1, true);
      const doc = isObject(property) && typeof property.description === "string" ? property.description : undefined;
      return type && { name, type, optional: !names.has(name), ...(doc === undefined ? {} : { doc }) };
    });
    return fields.every((field) => field !== undefined) ? { kind: "record", fields } : undefined;
  }
  if (required !== undefined) return undefined;
  const key = propertyNames === undefined ? { kind: "string" as const } : typeOfSchema(propertyNames, depth + 1);
  const value =
    additionalProperties === undefined || additionalProperties === true
      ? { kind: "any" as const }
      : typeOfSchema(additionalProperties, depth + 1);
  return key && value && { kind: "map", key, value };
}

function union(members: readonly (ValueType | undefined)[]): ValueType | undefined {
  const known = members.filter((member) => member !== undefined);
  return known.length === members.length && known.length > 0 ? { kind: "union", members: known } : undefined;
}

function literal(value: CrValue | undefined): ValueType | undefined {
  if (typeof value === "bigint") return undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? { kind: "literal", value }
    : undefined;
}

const isObject = (value: CrValue | undefined): value is CrObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isList = (value: CrValue | undefined): value is readonly CrValue[] => Array.isArray(value);
