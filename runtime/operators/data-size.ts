/** How large data is: exactly, as text, and about, without making the text. */

/** The length of a JSON text in UTF-8. */
export const jsonBytes = (json: string): number => Buffer.byteLength(json, "utf8");

/** Deeper data is refused by everything that reads it. */
const maxDepth = 2_000;

/** About the length of its JSON text; never much less. */
export function dataWeight(value: unknown, depth = 0): number {
  switch (typeof value) {
    case "string":
      return value.length + 2;
    case "object":
      return value === null || depth > maxDepth ? 4 : objectWeight(value, depth + 1);
    case "bigint":
      return 20;
    default:
      return 8;
  }
}

function objectWeight(value: object, depth: number): number {
  let sum = 2;
  if (Array.isArray(value)) {
    for (const item of value) sum += dataWeight(item, depth) + 1;
    return sum;
  }
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof Map) {
    for (const [key, item] of value) sum += dataWeight(key, depth) + dataWeight(item, depth) + 2;
    return sum;
  }
  for (const name in value)
    sum += name.length + 4 + dataWeight((value as Readonly<Record<string, unknown>>)[name], depth);
  return sum;
}
