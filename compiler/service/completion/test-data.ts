/** A record of a type as a test would write it: what must be given, each with a value to type over. */
import type { TypeTable, ValueType } from "../../contract/value-type.ts";
import { resolveType } from "../../semantics/types.ts";
import { snippet } from "./item.ts";

const deepest = 4;
const mostFields = 20;

/** A snippet; tab stops count on from `first`. */
export function recordSnippet(type: ValueType, types: TypeTable, first: number): string {
  let stop = first;
  const write = (one: ValueType, depth: number): string => {
    const resolved = resolveType(one, types);
    switch (resolved.kind) {
      case "record": {
        const fields = resolved.fields.filter(({ optional }) => !optional).slice(0, mostFields);
        if (fields.length === 0 || depth >= deepest) return depth === 0 ? `{ $${stop++} }` : "{}";
        return `{ ${fields.map((field) => `${key(field.name)}: ${write(field.type, depth + 1)}`).join(", ")} }`;
      }
      case "list":
        return depth >= deepest ? "[]" : `[${write(resolved.element, depth + 1)}]`;
      case "union":
        return resolved.members[0] ? write(resolved.members[0], depth) : `$${stop++}`;
      default:
        return scalar(resolved);
    }
  };
  const scalar = (one: ValueType): string => {
    switch (one.kind) {
      case "string":
      case "bytes":
        return `"$${stop++}"`;
      case "int":
      case "uint":
        return `\${${stop++}:1}`;
      case "double":
        return `\${${stop++}:1.0}`;
      case "bool":
        return `\${${stop++}:true}`;
      case "timestamp":
        return `"\${${stop++}:1970-01-01T00:00:00Z}"`;
      case "duration":
        return `"\${${stop++}:1s}"`;
      case "literal":
        return typeof one.value === "string"
          ? `"\${${stop++}:${snippet(one.value)}}"`
          : `\${${stop++}:${String(one.value)}}`;
      case "map":
        return "{}";
      case "null":
        return "null";
      default:
        return type === one ? `{ $${stop++} }` : `\${${stop++}:null}`;
    }
  };
  return write(type, 0);
}

const key = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : snippet(JSON.stringify(name)));
