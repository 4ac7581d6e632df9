/**
 * Where in the grammar the cursor stands, found by asking the parser and the checker: a made-up word takes the place of
 * the word being typed, and what the tree says of that word, and what it sees, is the answer.
 */
import type { Visible } from "../../semantics/expressions/scope.ts";
import type { Model } from "../../semantics/model.ts";
import type { Span } from "../../source/span.ts";
import type { SourceFile } from "../../syntax/ast.ts";
import { type Part, pathBefore } from "../syntax-path.ts";
import type { Workspace } from "../workspace.ts";

/** No slip of any word of the language. */
export const marker = "zq_typed_here_qz";

export interface Probe {
  readonly ws: Workspace;
  readonly path: string;
  /** The text as it is, and the word that an item replaces. */
  readonly text: string;
  readonly word: Span;
  readonly typed: string;
  /** Of the text with the made-up word. */
  readonly tree: SourceFile;
  readonly model: Model;
  /** From the file to the made-up word; undefined when the parser passed over it. */
  readonly parts: readonly Part[] | undefined;
  /** What an expression in its place would see. */
  readonly visible: Visible | undefined;
}

export function probe(ws: Workspace, path: string, offset: number): Probe {
  const { text } = ws.source(path);
  const word = wordAt(text, offset);
  let visible: Visible | undefined;
  const probed = text.slice(0, word.start) + marker + text.slice(word.end);
  const { model } = ws.glanceAs(path, probed, (e, seen) => {
    const isMarker = (e.kind === "ident" && e.name === marker) || (e.kind === "call" && e.name.text === marker);
    if (isMarker) visible = seen;
  });
  const parts = pathBefore(model.file, word.start + 1);
  const inner = parts.at(-1);
  const isFound =
    inner !== undefined && (("text" in inner && inner.text === marker) || ("name" in inner && inner.name === marker));
  return {
    ws,
    path,
    text,
    word,
    typed: text.slice(word.start, offset),
    tree: model.file,
    model,
    parts: isFound ? parts : undefined,
    visible,
  };
}

export function wordAt(text: string, offset: number): Span {
  const at = Math.max(0, Math.min(offset, text.length));
  let start = at;
  while (start > 0 && isWordCode(text.charCodeAt(start - 1))) start--;
  let end = at;
  while (end < text.length && isWordCode(text.charCodeAt(end))) end++;
  return { start, end };
}

const isWordCode = (c: number): boolean =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95;

/** What stands on the line before the word. */
export const lineBefore = ({ text, word }: Probe): string =>
  text.slice(text.lastIndexOf("\n", word.start - 1) + 1, word.start);

/** What stands right behind the word. */
export const after = ({ text, word }: Probe): string => text.slice(word.end, word.end + 1);

/** Something stands behind the word on its line: then it is a word that changes, not one that begins something. */
export const isFollowed = (probe: Probe): boolean =>
  /^[ \t]+[^\s})\],]/.test(probe.text.slice(probe.word.end, probe.word.end + 40)) || after(probe) === ".";
