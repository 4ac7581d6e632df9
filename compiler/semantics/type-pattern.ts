/** The types of overloads in the catalogue, with their type variables, and matching value types with them. */
import type { TypeTable, ValueType } from "../contract/value-type.ts";
import {
  anyType,
  asMap,
  baseOfLiteral,
  isComparable,
  isNumber,
  isOpen,
  join,
  listOf,
  mapOf,
  membersOf,
  optionalOf,
  resolveType,
  unknownType,
} from "./types.ts";

export type Pattern =
  | { readonly kind: "scalar"; readonly name: string }
  | { readonly kind: "number" }
  /** `ordered`: only types whose values have an order. */
  | { readonly kind: "variable"; readonly name: string; readonly ordered: boolean }
  | { readonly kind: "list"; readonly element: Pattern }
  | { readonly kind: "map"; readonly key: Pattern; readonly value: Pattern }
  | { readonly kind: "optional"; readonly of: Pattern };

/** What the type variables stand for so far. */
export type Bindings = Map<string, ValueType>;

const patterns = new Map<string, Pattern>();

/** The pattern written so in the catalogue. */
export function patternOf(text: string): Pattern {
  const known = patterns.get(text);
  if (known) return known;
  const pattern = parsePattern(text.trim());
  patterns.set(text, pattern);
  return pattern;
}

function parsePattern(text: string): Pattern {
  if (text.startsWith("[")) return { kind: "list", element: parsePattern(text.slice(1, -1)) };
  if (text.startsWith("{")) {
    const colon = text.indexOf(":");
    return {
      kind: "map",
      key: parsePattern(text.slice(1, colon)),
      value: parsePattern(text.slice(colon + 1, -1).trim()),
    };
  }
  if (text.startsWith("optional(")) return { kind: "optional", of: parsePattern(text.slice(9, -1)) };
  if (text === "number") return { kind: "number" };
  if (/^[TKVO]$/.test(text)) return { kind: "variable", name: text, ordered: text === "O" };
  return { kind: "scalar", name: text };
}

export function hasVariables(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case "variable":
      return true;
    case "list":
      return hasVariables(pattern.element);
    case "map":
      return hasVariables(pattern.key) || hasVariables(pattern.value);
    case "optional":
      return hasVariables(pattern.of);
    default:
      return false;
  }
}

const orderedKinds: ReadonlySet<string> = new Set([
  "any",
  "unknown",
  "bool",
  "int",
  "uint",
  "double",
  "string",
  "bytes",
  "timestamp",
  "duration",
]);

export function isOrdered(type: ValueType, types: TypeTable): boolean {
  return membersOf(type, types).some((member) =>
    orderedKinds.has(member.kind === "literal" ? baseOfLiteral(member.value).kind : resolveType(member, types).kind),
  );
}

/** Whether the type fits the pattern; binds its variables. A union fits where one of its members does. */
export function matches(pattern: Pattern, type: ValueType, bindings: Bindings, types: TypeTable): boolean {
  if (pattern.kind === "variable") return bind(pattern, type, bindings, types);
  if (isOpen(type)) {
    bindOpen(pattern, type, bindings, types);
    return true;
  }
  const resolved = resolveType(type, types);
  const members = resolved.kind === "union" ? membersOf(resolved, types) : [];
  if (members.length > 1)
    return members.some((member) => member.kind !== "null" && matches(pattern, member, bindings, types));
  switch (pattern.kind) {
    case "scalar":
      return (
        pattern.name === "any" ||
        (resolved.kind === "literal" ? baseOfLiteral(resolved.value).kind : resolved.kind) === pattern.name
      );
    case "number":
      return isNumber(resolved);
    case "list":
      return resolved.kind === "list" && matches(pattern.element, resolved.element, bindings, types);
    case "optional":
      return resolved.kind === "optional" && matches(pattern.of, resolved.of, bindings, types);
    case "map": {
      const map = asMap(resolved, types);
      return (
        map !== undefined &&
        matches(pattern.key, map.key, bindings, types) &&
        matches(pattern.value, map.value, bindings, types)
      );
    }
  }
}

function bind(
  pattern: Extract<Pattern, { readonly kind: "variable" }>,
  type: ValueType,
  bindings: Bindings,
  types: TypeTable,
): boolean {
  if (pattern.ordered && !isOrdered(type, types)) return false;
  const bound = bindings.get(pattern.name);
  if (bound === undefined) {
    bindings.set(pattern.name, type);
    return true;
  }
  if (!isComparable(bound, type, types)) return false;
  bindings.set(pattern.name, join(bound, type, types));
  return true;
}

function bindOpen(pattern: Pattern, type: ValueType, bindings: Bindings, types: TypeTable): void {
  if (pattern.kind === "variable") bind(pattern, type, bindings, types);
  else if (pattern.kind === "list") bindOpen(pattern.element, type, bindings, types);
  else if (pattern.kind === "optional") bindOpen(pattern.of, type, bindings, types);
  else if (pattern.kind === "map") {
    bindOpen(pattern.key, type, bindings, types);
    bindOpen(pattern.value, type, bindings, types);
  }
}

/** The type that a pattern stands for with these bindings. */
export function substitute(pattern: Pattern, bindings: Bindings): ValueType {
  switch (pattern.kind) {
    case "scalar":
      return { kind: pattern.name } as ValueType;
    case "number":
      return anyType;
    case "variable":
      return bindings.get(pattern.name) ?? unknownType;
    case "list":
      return listOf(substitute(pattern.element, bindings));
    case "map":
      return mapOf(substitute(pattern.key, bindings), substitute(pattern.value, bindings));
    case "optional":
      return optionalOf(substitute(pattern.of, bindings));
  }
}
