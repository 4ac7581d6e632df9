/** In a comment `flow-ignore`: the codes that it can silence, those of the line first. */
import { codes } from "../../source/codes/codes.ts";
import { positionAt } from "../../source/source-text.ts";
import type { Comment } from "../../syntax/ast.ts";
import type { CompletionItem } from "../types.ts";
import type { Workspace } from "../workspace.ts";
import { type Candidate, sorted } from "./item.ts";
import { wordAt } from "./probe.ts";

/** Empty in other comments. */
export function commentItems(ws: Workspace, path: string, offset: number, comment: Comment): readonly CompletionItem[] {
  if (comment.kind !== "line") return [];
  const { text } = ws.source(path);
  const word = wordAt(text, offset);
  const before = text.slice(comment.span.start, word.start);
  const isFirst = /^\/\/[ \t]*$/.test(before);
  if (!isFirst && !/^\/\/[ \t]*flow-ignore[ \t]+(?:FLOW\d+[ \t,]+)*$/.test(before)) return [];
  const here = codesOnLine(ws, path, comment);
  if (isFirst)
    return sorted(
      here.map((code) => ignoreItem(code)),
      { ...word, end: comment.span.end },
    );
  const rows = Object.entries(codes).filter(([, { severity }]) => severity !== "error");
  const found = rows.map(([label, { title, why }]): Candidate => {
    return { label, kind: "value", rank: here.includes(label) ? 0 : 1, detail: title, documentation: why };
  });
  return sorted(found, word);
}

/** What is reported on the line of the comment, or where nothing else stands on it, on the next line with code. */
function codesOnLine(ws: Workspace, path: string, { span }: Comment): readonly string[] {
  const { source, diagnostics } = ws.file(path);
  const { text } = source;
  const start = text.lastIndexOf("\n", span.start - 1) + 1;
  const isAlone = text.slice(start, span.start).trim() === "";
  const next = /^(?:\s*(?:\/\/[^\n]*)?\n)*/.exec(text.slice(span.end))?.[0].length ?? 0;
  const { line } = positionAt(source, isAlone ? span.end + next : span.start);
  const found = diagnostics.filter(
    ({ at, severity }) => severity !== "error" && positionAt(source, at.start).line === line,
  );
  return [...new Set(found.map(({ code }) => code))];
}

const ignoreItem = (code: string): Candidate => ({
  label: `flow-ignore ${code}`,
  kind: "snippet",
  rank: 0,
  newText: `flow-ignore ${code}: \${1:why}`,
  isSnippet: true,
});
