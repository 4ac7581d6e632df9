/** Records made up from a type: the same each time, small, and a few of each kind so that groups form and joins meet. */
import type { RecordField, TypeTable, ValueType } from "../../contract/value-type.ts";

/** JSON values. `number` counts from 0. */
export function madeUp(type: ValueType, types: TypeTable, number: number): unknown {
  return value(type, { types, number, name: "value", depth: 0 });
}

interface Place {
  readonly types: TypeTable;
  readonly number: number;
  /** Of the field. */
  readonly name: string;
  readonly depth: number;
}

const deepest = 5;
/** Where the times of records begin; a second lies between one and the next. */
const startMs = Date.UTC(2026, 0, 1);
/** So many different texts: records share them. */
const texts = 3;

function value(type: ValueType, place: Place): unknown {
  const { number, name, types, depth } = place;
  const below: Place = { ...place, depth: depth + 1 };
  switch (type.kind) {
    case "bool":
      return number % 2 === 0;
    case "int":
    case "uint":
      return number + 1;
    case "double":
      return number + 1.5;
    case "string":
      return `${name}-${(number % texts) + 1}`;
    case "bytes":
      return btoa(`${name}-${number + 1}`);
    case "timestamp":
      return new Date(startMs + number * 1000).toISOString();
    case "duration":
      return `${number + 1}s`;
    case "literal":
      return type.value;
    case "union":
      return value(chosen(type.members, number), below);
    case "list":
      return depth > deepest ? [] : [0, 1].map((i) => value(type.element, { ...below, number: number + i }));
    case "map":
      return depth > deepest ? {} : { [keyOf(type.key, number)]: value(type.value, below) };
    case "record":
      return recordOf(type.fields, below);
    case "optional":
      return depth > deepest ? null : value(type.of, below);
    case "ref": {
      const named = types[type.name];
      return named === undefined || depth > deepest * 2 ? null : value(named, below);
    }
    default:
      return null;
  }
}

function recordOf(fields: readonly RecordField[], place: Place): unknown {
  const given = fields.filter(({ optional }) => !optional || (place.depth <= deepest && place.number % texts !== 1));
  return Object.fromEntries(given.map(({ name, type }) => [name, value(type, { ...place, name })]));
}

/** Null has its turn last. */
function chosen(members: readonly ValueType[], number: number): ValueType {
  const ordered = [...members.filter(({ kind }) => kind !== "null"), ...members.filter(({ kind }) => kind === "null")];
  return ordered[number % ordered.length] ?? { kind: "null" };
}

function keyOf(key: ValueType, number: number): string {
  if (key.kind === "bool") return String(number % 2 === 0);
  return key.kind === "int" || key.kind === "uint" ? String(number) : `key-${(number % texts) + 1}`;
}
