/** Paths of file sinks with a place for what differs from chunk to chunk: `out/{key}.ndjson`. Read by the compiler's checks and by the sink. */

export const pathPlaceholders = ["chunk", "key"] as const;
export type PathPlaceholder = (typeof pathPlaceholders)[number];

export type PathPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "placeholder"; readonly name: PathPlaceholder; readonly start: number; readonly end: number }
  /** Braces that say nothing known, `{x}`, or one alone. */
  | { readonly kind: "unknown"; readonly text: string; readonly start: number; readonly end: number };

/** `{{` and `}}` are a brace. Offsets are in `path`. */
export function pathParts(path: string): readonly PathPart[] {
  const parts: PathPart[] = [];
  let text = "";
  let at = 0;
  const flush = (): void => {
    if (text !== "") parts.push({ kind: "text", text });
    text = "";
  };
  for (const match of path.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g)) {
    const [found, name] = match;
    const start = match.index;
    const end = start + found.length;
    text += path.slice(at, start);
    at = end;
    if (found === "{{" || found === "}}") {
      text += found[0];
      continue;
    }
    flush();
    if (isPlaceholder(name)) parts.push({ kind: "placeholder", name, start, end });
    else parts.push({ kind: "unknown", text: found, start, end });
  }
  text += path.slice(at);
  flush();
  return parts;
}

const isPlaceholder = (name: string | undefined): name is PathPlaceholder =>
  pathPlaceholders.some((known) => known === name);
