/** From every field of a custom resource back to the place in the source that it was made from. */
import { placeOf, type SourceText } from "../source/source-text.ts";
import type { Location } from "../source/span.ts";
import { pointer } from "./cr/names.ts";

/** JSON pointer (RFC 6901) → place, for every field of the resource and for the resource itself (the empty pointer). */
export type SourceMap = ReadonlyMap<string, Location>;

/** The place a field comes from. Always found: the empty pointer is the pipeline itself. */
export function originOf(map: SourceMap, pointer: string): Location | undefined {
  let at = pointer;
  for (;;) {
    const found = map.get(at);
    if (found !== undefined || at === "") return found;
    at = at.slice(0, at.lastIndexOf("/"));
  }
}

/** The marks of the fields that the resource has, each field without one taking that of the nearest field above it. */
export function completed(resource: object, marks: SourceMap): SourceMap {
  const all = new Map<string, Location>();
  const visit = (value: unknown, at: string, above: Location | undefined): void => {
    const origin = marks.get(at) ?? above;
    if (origin) all.set(at, origin);
    if (typeof value !== "object" || value === null) return;
    for (const [key, one] of Object.entries(value)) if (one !== undefined) visit(one, pointer(at, key), origin);
  };
  visit(resource, "", undefined);
  return all;
}

/** Every field with its `file:line:column`, as plain JSON. */
export function printSourceMap(
  map: SourceMap,
  sources: ReadonlyMap<string, SourceText>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...map].map(([pointer, origin]) => {
      const source = sources.get(origin.file);
      return [pointer, source ? placeOf(source, origin.start) : origin.file];
    }),
  );
}

/** The pointer of a field as the API server names it in an error: `spec.processors[0].operators` → `/spec/processors/0/operators`. */
export function pointerOfField(path: string): string {
  const steps = [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(
    ([, index, quoted, name]) => index ?? quoted ?? name ?? "",
  );
  return steps.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
