/** What each word is, as five numbers a token, the way the protocol packs them. */
import type { SemanticTokensDelta } from "vscode-languageserver-protocol";
import { semanticTokens } from "../../compiler/service/semantic-tokens.ts";
import { type SemanticToken, semanticTokenModifiers, semanticTokenTypes } from "../../compiler/service/types.ts";
import type { Handler } from "../requests.ts";
import { type Document, documentOf, type Session } from "../session.ts";

interface Sent {
  readonly resultId: string;
  readonly data: readonly number[];
}

/** The last answer of each document, for the next one to be a difference of. */
const lastSent = new WeakMap<Session, Map<string, Sent>>();
let lastId = 0;

export const onSemanticTokensFull: Handler<"textDocument/semanticTokens/full"> = (session, { textDocument }) => {
  const document = documentOf(session, textDocument.uri);
  if (!document) return null;
  const data = packed(session, document, semanticTokens(session.workspace, document.path));
  return { resultId: remember(session, document.path, data), data };
};

export const onSemanticTokensDelta: Handler<"textDocument/semanticTokens/full/delta"> = (session, params) => {
  const document = documentOf(session, params.textDocument.uri);
  if (!document) return null;
  const before = lastSent.get(session)?.get(document.path);
  const data = packed(session, document, semanticTokens(session.workspace, document.path));
  const resultId = remember(session, document.path, data);
  if (before?.resultId !== params.previousResultId) return { resultId, data };
  return { resultId, edits: difference(before.data, data) };
};

export const onSemanticTokensRange: Handler<"textDocument/semanticTokens/range"> = (session, params) => {
  const document = documentOf(session, params.textDocument.uri);
  if (!document) return null;
  const span = session.positions.span(document.source, params.range);
  const tokens = semanticTokens(session.workspace, document.path, span);
  return { data: packed(session, document, tokens) };
};

function remember(session: Session, path: string, data: readonly number[]): string {
  const documents = lastSent.get(session) ?? new Map<string, Sent>();
  lastSent.set(session, documents);
  const resultId = String(++lastId);
  documents.set(path, { resultId, data });
  return resultId;
}

/** Line and start are relative to the token before; type and modifiers are numbers of the legend. */
function packed({ positions }: Session, { source }: Document, tokens: readonly SemanticToken[]): number[] {
  const data: number[] = [];
  let [line, character] = [0, 0];
  for (const token of tokens) {
    const start = positions.position(source, token.start);
    const end = positions.position(source, token.end);
    if (end.line !== start.line) continue;
    data.push(start.line - line, start.line === line ? start.character - character : start.character);
    data.push(end.character - start.character, semanticTokenTypes.indexOf(token.type), modifierBits(token));
    ({ line, character } = start);
  }
  return data;
}

const modifierBits = ({ modifiers }: SemanticToken): number =>
  modifiers.reduce((bits, name) => bits | (1 << semanticTokenModifiers.indexOf(name)), 0);

/** One edit: what lies between the beginning and the end that both have. */
export function difference(before: readonly number[], after: readonly number[]): SemanticTokensDelta["edits"] {
  const most = Math.min(before.length, after.length);
  let same = 0;
  while (same < most && before[same] === after[same]) same++;
  let sameEnd = 0;
  while (sameEnd < most - same && before.at(-1 - sameEnd) === after.at(-1 - sameEnd)) sameEnd++;
  if (same === before.length && same === after.length) return [];
  const data = after.slice(same, after.length - sameEnd);
  return [{ start: same, deleteCount: before.length - same - sameEnd, data }];
}
