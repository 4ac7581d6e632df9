/** JSON as `JSON.stringify(value, null, 2)` writes it, with the place in the text of each object that has an origin. */
import type { Location, Span } from "../source/span.ts";

export interface PlacedJson {
  readonly text: string;
  readonly places: readonly { readonly span: Span; readonly origin: Location }[];
}

/** @param value plain data without cycles; a bigint is written as a string. */
export function placedJson(value: unknown, originOf: (one: object) => Location | undefined): PlacedJson {
  const parts: string[] = [];
  const places: { readonly span: Span; readonly origin: Location }[] = [];
  let length = 0;
  const put = (text: string): void => {
    parts.push(text);
    length += text.length;
  };
  const write = (one: unknown, indent: string): void => {
    if (typeof one !== "object" || one === null) {
      put(JSON.stringify(typeof one === "bigint" ? String(one) : (one ?? null)));
      return;
    }
    const start = length;
    const inner = `${indent}  `;
    const isList = Array.isArray(one);
    const entries = isList
      ? one.map((item) => ["", item] as const)
      : Object.entries(one).filter(([, of]) => isKept(of));
    put(isList ? "[" : "{");
    for (const [i, [key, item]] of entries.entries()) {
      put(`${i === 0 ? "" : ","}\n${inner}`);
      if (!isList) put(`${JSON.stringify(key)}: `);
      write(item, inner);
    }
    if (entries.length > 0) put(`\n${indent}`);
    put(isList ? "]" : "}");
    const origin = originOf(one);
    if (origin) places.push({ span: { start, end: length }, origin });
  };
  write(value, "");
  return { text: parts.join(""), places };
}

const isKept = (value: unknown): boolean => value !== undefined && typeof value !== "function";
