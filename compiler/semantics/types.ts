/**
 * Relations between value types: what is assignable to what, what two types have in common, how a type is represented.
 * Named types are looked up in the table; recursive ones end at the second meeting of the same pair.
 */
import type { Kind } from "../contract/expr-tree.ts";
import {
  type MapType,
  type RecordField,
  type RecordType,
  type ScalarKind,
  type ScalarType,
  scalarKinds,
  type TypeTable,
  type UnionType,
  type ValueType,
} from "../contract/value-type.ts";

export { nameOfType, printValueType, withArticle } from "./print-value-type.ts";

const scalar = (kind: ScalarKind): ScalarType => ({ kind });
export const anyType = scalar("any");
/** The type of a mistake and of the element of an empty list: every check takes it. */
export const unknownType = scalar("unknown");
export const nullType = scalar("null");
export const boolType = scalar("bool");
export const intType = scalar("int");
export const uintType = scalar("uint");
export const doubleType = scalar("double");
export const stringType = scalar("string");
export const bytesType = scalar("bytes");
export const timestampType = scalar("timestamp");
export const durationType = scalar("duration");
export const typeType = scalar("type");
export const listOf = (element: ValueType): ValueType => ({ kind: "list", element });
export const mapOf = (key: ValueType, value: ValueType): MapType => ({ kind: "map", key, value });
export const recordOf = (fields: readonly RecordField[]): RecordType => ({ kind: "record", fields });
/** An optional of an optional is one optional: selects on it chain. */
export const optionalOf = (of: ValueType): ValueType => ({ kind: "optional", of });

export const isOpen = (type: ValueType): boolean => type.kind === "any" || type.kind === "unknown";

/** The type behind a name, or behind a name for a name; `unknown` when there is none or when it only names itself. */
export function resolveType(type: ValueType, types: TypeTable): Exclude<ValueType, { readonly kind: "ref" }> {
  let at = type;
  for (let steps = 0; at.kind === "ref" && steps < 100; steps++)
    at = Object.hasOwn(types, at.name) ? types[at.name]! : unknownType;
  return at.kind === "ref" ? unknownType : at;
}

/** The scalar that a literal behaves as. */
export function baseOfLiteral(value: string | number | boolean): ScalarType {
  if (typeof value === "string") return stringType;
  if (typeof value === "boolean") return boolType;
  return Number.isInteger(value) ? intType : doubleType;
}

/** How values of the type are represented at run time. */
export function kindOf(type: ValueType, types: TypeTable): Kind {
  const resolved = resolveType(type, types);
  switch (resolved.kind) {
    case "unknown":
      return "any";
    case "literal":
      return baseOfLiteral(resolved.value).kind as Kind;
    case "union": {
      const members = membersOf(resolved, types).map((member) => resolveType(member, types));
      const kinds = new Set(members.map((member) => (member.kind === "union" ? "any" : kindOf(member, types))));
      return kinds.size === 1 ? [...kinds][0]! : "any";
    }
    default:
      return resolved.kind;
  }
}

/** Members of a union, with names looked up, in order; any other type is its own only member. */
export function membersOf(type: ValueType, types: TypeTable): readonly ValueType[] {
  const resolved = resolveType(type, types);
  if (resolved.kind !== "union") return [type.kind === "ref" && resolved.kind !== "literal" ? type : resolved];
  const members = membersInside(resolved, types, new Set());
  return members.length === 0 ? [unknownType] : members;
}

/** A union inside itself adds nothing. */
function membersInside(union: UnionType, types: TypeTable, met: Set<UnionType>): readonly ValueType[] {
  if (met.has(union)) return [];
  met.add(union);
  return union.members.flatMap((member) => {
    const resolved = resolveType(member, types);
    return resolved.kind === "union" ? membersInside(resolved, types, met) : membersOf(member, types);
  });
}

/** The union of the types, flat and without repetitions; of a single type that type. */
export function unionOf(members: readonly ValueType[]): ValueType {
  const distinct = new Map<string, ValueType>();
  for (const member of members.flatMap((each) => (each.kind === "union" ? each.members : [each]))) {
    if (member.kind === "any") return anyType;
    distinct.set(JSON.stringify(member), member);
  }
  const rest = [...distinct.values()].filter(
    (member) => member.kind !== "literal" || !distinct.has(JSON.stringify(baseOfLiteral(member.value))),
  );
  const known = rest.length > 1 ? rest.filter((member) => member.kind !== "unknown") : rest;
  return known.length === 1 ? known[0]! : ({ kind: "union", members: known } satisfies UnionType);
}

/** What is known of pairs of types with a name in them, while one question is answered: recursive types meet themselves. */
type Pairs = Map<string, boolean>;

/** Deeper comparisons are taken to hold: they are checked when it runs. */
const mostPairs = 300;

/** Answers for a pair once; while it is being answered it is taken to hold. */
function answerOnce(a: ValueType, b: ValueType, met: Pairs, answer: () => boolean): boolean {
  return canRecur(a) || canRecur(b) ? answerPairOnce(a, b, met, answer) : answer();
}

function answerPairOnce(a: ValueType, b: ValueType, met: Pairs, answer: () => boolean): boolean {
  const pair = pairOf(a, b);
  const known = met.get(pair);
  if (known !== undefined || met.size >= mostPairs) return known ?? true;
  met.set(pair, true);
  const result = answer();
  met.set(pair, result);
  return result;
}

/** A union of names comes back as what the names stand for. */
const canRecur = ({ kind }: ValueType): boolean => kind === "ref" || kind === "union";

const pairOf = (a: ValueType, b: ValueType): string => `${JSON.stringify(a)} ${JSON.stringify(b)}`;

/**
 * Whether a value of `from` may stand where `to` is wanted. `any` may (it is checked when it runs), and so may a union
 * whose members other than null all may.
 */
export function isAssignable(from: ValueType, to: ValueType, types: TypeTable, met?: Pairs): boolean {
  if (from === to || isOpen(from) || isOpen(to)) return true;
  if (from.kind === "ref" && to.kind === "ref" && from.name === to.name) return true;
  if (isScalar(from) && isScalar(to)) return from.kind === to.kind;
  const pairs = met ?? new Map();
  return answerOnce(from, to, pairs, () => isAssignableNow(from, to, types, pairs));
}

const closedScalars: ReadonlySet<string> = new Set(scalarKinds.filter((each) => each !== "any" && each !== "unknown"));
/** Has no parts, and is not open. */
const isScalar = (type: ValueType): boolean => closedScalars.has(type.kind);

function isAssignableNow(from: ValueType, to: ValueType, types: TypeTable, met: Pairs): boolean {
  const froms = membersOf(from, types);
  if (froms.length > 1) {
    return froms.every(
      (member) => (member.kind === "null" && !isOnlyNull(froms)) || isAssignable(member, to, types, met),
    );
  }
  const tos = membersOf(to, types);
  if (tos.length > 1) return tos.some((member) => isAssignable(froms[0]!, member, types, met));
  return isAssignablePlain(resolveType(froms[0]!, types), resolveType(tos[0]!, types), types, met);
}

const isOnlyNull = (members: readonly ValueType[]): boolean => members.every((member) => member.kind === "null");

function isAssignablePlain(from: ValueType, to: ValueType, types: TypeTable, met: Pairs): boolean {
  if (isOpen(from) || isOpen(to)) return true;
  if (to.kind === "literal") return from.kind === "literal" && from.value === to.value;
  if (from.kind === "literal") {
    const base = baseOfLiteral(from.value).kind;
    return base === to.kind || (base === "int" && to.kind === "double");
  }
  if (from.kind === "list" && to.kind === "list") return isAssignable(from.element, to.element, types, met);
  if (from.kind === "optional" && to.kind === "optional") return isAssignable(from.of, to.of, types, met);
  if (to.kind === "map") {
    if (from.kind === "map")
      return isAssignable(from.key, to.key, types, met) && isAssignable(from.value, to.value, types, met);
    if (from.kind !== "record") return false;
    return (
      from.fields.length === 0 ||
      (isAssignable(stringType, to.key, types, met) &&
        from.fields.every((field) => isAssignable(field.type, to.value, types, met)))
    );
  }
  if (to.kind === "record") {
    if (from.kind === "map") return isAssignable(stringType, from.key, types, met);
    return (
      from.kind === "record" &&
      to.fields.every((field) => fieldIsAssignable(fieldOf(from, field.name), field, types, met))
    );
  }
  return from.kind === to.kind;
}

function fieldIsAssignable(from: RecordField | undefined, to: RecordField, types: TypeTable, met: Pairs): boolean {
  if (!from) return to.optional;
  return (
    (to.optional || !from.optional) &&
    (isAssignable(from.type, to.type, types, met) || (to.optional && from.type.kind === "null"))
  );
}

export const fieldOf = (record: RecordType, name: string): RecordField | undefined =>
  record.fields.find((field) => field.name === name);

/** Two different named types are joined this deep; below that is `any`, as the result is written out and would grow without end. */
const deepestJoin = 4;
/** No type joins deeper, and no answer takes more joins: the rest is `any`. */
const deepestNesting = 60;
const mostJoins = 3000;
interface Joins {
  /** Of named types. */
  readonly depth: number;
  readonly nesting: number;
  readonly count: { joins: number };
  /** By pair. While a pair is being joined it is `any`, so that recursive types end where they meet themselves. */
  readonly memo: Map<string, ValueType>;
}
const noJoins = (): Joins => ({ depth: 0, nesting: 0, count: { joins: 0 }, memo: new Map() });

/**
 * The type of a value that is of one type or of the other: a common type where there is one, a union with null, else `any`.
 * Of two records, the fields of both; what only one has is optional.
 */
export function join(a: ValueType, b: ValueType, types: TypeTable, soFar?: Joins): ValueType {
  if (a.kind === "unknown") return b;
  if (b.kind === "unknown") return a;
  if (a.kind === "any" || b.kind === "any") return anyType;
  if (isSame(a, b)) return a;
  const met = soFar ?? noJoins();
  if (met.nesting >= deepestNesting || met.count.joins++ >= mostJoins) return anyType;
  const inside = { ...met, nesting: met.nesting + 1 };
  if (a.kind !== "ref" && b.kind !== "ref") return joinNow(a, b, types, inside);
  const pair = pairOf(a, b);
  const known = met.memo.get(pair);
  if (known || met.depth >= deepestJoin) return known ?? anyType;
  met.memo.set(pair, anyType);
  const joined = joinNow(a, b, types, { ...inside, depth: met.depth + 1 });
  met.memo.set(pair, joined);
  return joined;
}

function joinNow(a: ValueType, b: ValueType, types: TypeTable, met: Joins): ValueType {
  const left = membersOf(a, types);
  const right = membersOf(b, types);
  const other = [...left, ...right].filter((member) => member.kind !== "null");
  const nullable = other.length < left.length + right.length;
  if (other.length === 0) return nullType;
  if (left.length > 1 || right.length > 1 || nullable) {
    const joined = left.length > 1 || right.length > 1 ? joinMembers(other, types, met) : other[0]!;
    return nullable && joined.kind !== "optional" ? unionOf([joined, nullType]) : joined;
  }
  return joinPlain(resolveType(a, types), resolveType(b, types), types, met);
}

function joinMembers(members: readonly ValueType[], types: TypeTable, met: Joins): ValueType {
  const kinds = new Set(members.map((member) => (member.kind === "literal" ? baseOfLiteral(member.value).kind : "")));
  if (kinds.size === 1 && !kinds.has("")) return unionOf(members);
  const bases = members.map((member): ValueType => (member.kind === "literal" ? baseOfLiteral(member.value) : member));
  const one = (all: ValueType, member: ValueType): ValueType =>
    isSame(all, member) ? all : joinPlain(resolveType(all, types), resolveType(member, types), types, met);
  return bases.reduce(one, bases[0] ?? unknownType);
}

const isSame = (a: ValueType, b: ValueType): boolean =>
  a === b ||
  (a.kind === b.kind &&
    (a.kind === "ref" && b.kind === "ref"
      ? a.name === b.name
      : a.kind === "union" && JSON.stringify(a) === JSON.stringify(b)));

function joinPlain(a: ValueType, b: ValueType, types: TypeTable, met: Joins): ValueType {
  if (a.kind === "literal" && b.kind === "literal" && baseOfLiteral(a.value).kind === baseOfLiteral(b.value).kind)
    return unionOf([a, b]);
  if (a.kind === "literal" && baseOfLiteral(a.value).kind === b.kind) return b;
  if (b.kind === "literal" && baseOfLiteral(b.value).kind === a.kind) return a;
  if (a.kind === "list" && b.kind === "list") return listOf(join(a.element, b.element, types, met));
  if (a.kind === "optional" && b.kind === "optional") return optionalOf(join(a.of, b.of, types, met));
  if (a.kind === "record" && b.kind === "record") return joinRecords(a, b, types, met);
  const left = asMap(a, types, met);
  const right = left && asMap(b, types, met);
  if (left && right) return mapOf(join(left.key, right.key, types, met), join(left.value, right.value, types, met));
  return a.kind === b.kind && a.kind !== "literal" && a.kind !== "union" ? a : anyType;
}

function joinRecords(a: RecordType, b: RecordType, types: TypeTable, met: Joins): ValueType {
  const ofBoth = a.fields.map((field) => {
    const other = fieldOf(b, field.name);
    if (!other) return { ...field, optional: true };
    return { ...field, type: join(field.type, other.type, types, met), optional: field.optional || other.optional };
  });
  const ofB = b.fields.filter((field) => !fieldOf(a, field.name)).map((field) => ({ ...field, optional: true }));
  return recordOf([...ofBoth, ...ofB]);
}

/** A record seen as a map from its field names to what their types have in common; undefined for what is neither. */
export function asMap(type: ValueType, types: TypeTable, met: Joins = noJoins()): MapType | undefined {
  const resolved = resolveType(type, types);
  if (resolved.kind === "map") return resolved;
  if (resolved.kind !== "record") return undefined;
  const value = resolved.fields.reduce<ValueType>((all, field) => join(all, field.type, types, met), unknownType);
  return mapOf(resolved.fields.length === 0 ? unknownType : stringType, value);
}

const numberKinds: ReadonlySet<string> = new Set(["int", "uint", "double"]);
export const isNumber = (type: ValueType): boolean =>
  numberKinds.has(type.kind === "literal" ? baseOfLiteral(type.value).kind : type.kind);

/** Whether a value of one type can ever equal a value of the other. Numbers of different types can. */
export function isComparable(a: ValueType, b: ValueType, types: TypeTable, met?: Pairs): boolean {
  if (isOpen(a) || isOpen(b)) return true;
  if (isScalar(a) && isScalar(b)) return a.kind === b.kind || (isNumber(a) && isNumber(b));
  const pairs = met ?? new Map();
  return answerOnce(a, b, pairs, () =>
    membersOf(a, types).some((left) =>
      membersOf(b, types).some((right) =>
        isComparablePlain(resolveType(left, types), resolveType(right, types), types, pairs),
      ),
    ),
  );
}

function isComparablePlain(a: ValueType, b: ValueType, types: TypeTable, met: Pairs): boolean {
  if (isOpen(a) || isOpen(b)) return true;
  if (isNumber(a) && isNumber(b)) return true;
  if (a.kind === "literal" && b.kind === "literal") return a.value === b.value;
  if (a.kind === "list" && b.kind === "list") return isComparable(a.element, b.element, types, met);
  if (a.kind === "optional" && b.kind === "optional") return isComparable(a.of, b.of, types, met);
  if (a.kind === "record" && b.kind === "record") return true;
  const left = asMap(a, types);
  const right = left && asMap(b, types);
  if (left && right)
    // A record seen as a map has no names in it where it leads back to itself.
    return answerPairOnce(
      a,
      b,
      met,
      () => isComparable(left.key, right.key, types, met) && isComparable(left.value, right.value, types, met),
    );
  return (
    (a.kind === "literal" ? baseOfLiteral(a.value).kind : a.kind) ===
    (b.kind === "literal" ? baseOfLiteral(b.value).kind : b.kind)
  );
}

/** Whether values of the type can be grouped by: scalars, and lists, records and maps of such. Doubles can, optionals cannot. */
export function isHashable(type: ValueType, types: TypeTable, met: Set<string> = new Set()): boolean {
  if (type.kind === "ref") {
    if (met.has(type.name)) return true;
    met.add(type.name);
    return isHashable(resolveType(type, types), types, met);
  }
  if (type.kind === "union") return type.members.every((member) => isHashable(member, types, met));
  if (type.kind === "list") return isHashable(type.element, types, met);
  if (type.kind === "record") return type.fields.every((field) => isHashable(field.type, types, met));
  return type.kind !== "map" && type.kind !== "optional" && type.kind !== "type";
}

/** Whether the type may be the key of a map: bool, int, uint or string. */
export function isMapKey(type: ValueType, types: TypeTable): boolean {
  const keys: ReadonlySet<string> = new Set(["any", "unknown", "bool", "int", "uint", "string"]);
  return membersOf(type, types).every((member) =>
    keys.has(member.kind === "literal" ? baseOfLiteral(member.value).kind : resolveType(member, types).kind),
  );
}

/** The type with `any` wherever nothing is known: the element of an empty list, say. A wholly unknown type stays so. */
export function settle(type: ValueType): ValueType {
  return type.kind === "unknown" ? type : settleInner(type);
}
function settleInner(type: ValueType): ValueType {
  switch (type.kind) {
    case "unknown":
      return anyType;
    case "list": {
      const element = settleInner(type.element);
      return element === type.element ? type : listOf(element);
    }
    case "map": {
      const key = settleInner(type.key);
      const value = settleInner(type.value);
      return key === type.key && value === type.value ? type : mapOf(key, value);
    }
    case "optional": {
      const of = settleInner(type.of);
      return of === type.of ? type : optionalOf(of);
    }
    case "record": {
      const fields = settledFields(type.fields);
      return fields === type.fields ? type : recordOf(fields);
    }
    default:
      return type;
  }
}

/** The very same where nothing is to be settled, as is mostly so. */
function settledFields(fields: readonly RecordField[]): readonly RecordField[] {
  let settled: RecordField[] | undefined;
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]!;
    const type = settleInner(field.type);
    if (type === field.type) continue;
    settled ??= [...fields];
    settled[i] = { ...field, type };
  }
  return settled ?? fields;
}
