/** From an offset to the parts of the syntax tree that hold it. Works on any tree of plain objects with spans. */
import type { Span } from "../source/span.ts";

/** Any node, name, clause, argument or entry of a syntax tree. */
export interface Part {
  readonly span: Span;
  readonly kind?: string;
}

const isPart = (value: unknown): value is Part =>
  typeof value === "object" && value !== null && "span" in value && !ArrayBuffer.isView(value);

/** The parts directly inside. */
export function partsOf(part: Part): readonly Part[] {
  const found: Part[] = [];
  for (const value of Object.values(part)) {
    if (Array.isArray(value)) {
      for (const one of value) if (isPart(one)) found.push(one);
    } else if (isPart(value)) found.push(value);
  }
  return found;
}

/** From the whole to the innermost part that holds the offset or touches it; where two touch it, the one it is before. */
export function pathAt(root: Part, offset: number): readonly Part[] {
  const path = [root];
  for (let at: Part | undefined = root; at !== undefined; ) {
    const inside: readonly Part[] = partsOf(at).filter(({ span }) => span.start <= offset && offset <= span.end);
    at = inside.find(({ span }) => offset < span.end) ?? inside.at(-1);
    if (at !== undefined) path.push(at);
  }
  return path;
}

/** The same for a word: where two parts touch the offset, the one that ends there and is no empty one comes first. */
export function pathBefore(root: Part, offset: number): readonly Part[] {
  const after = pathAt(root, offset);
  if (offset === 0) return after;
  const before = pathAt(root, offset - 1);
  return isNameLike(after.at(-1)) ? after : isNameLike(before.at(-1)) ? before : after;
}

const isNameLike = (part: Part | undefined): boolean =>
  part !== undefined && (part.kind === undefined ? "text" in part : part.kind === "ident" || part.kind === "word");

/** Every part, the root too, outer ones first. */
export function* allParts(root: Part): Generator<Part> {
  const stack = [root];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    yield at;
    stack.push(...partsOf(at).toReversed());
  }
}

export const holds = (span: Span, offset: number): boolean => span.start <= offset && offset <= span.end;
export const bare = (span: Span): Span => ({ start: span.start, end: span.end });
