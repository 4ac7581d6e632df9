/** Completion: what may stand at the cursor, best first. Built from the catalogue, the names in scope and inferred types. */
import { clausesOf } from "../catalog/clauses.ts";
import { connectorRow } from "../catalog/connectors.ts";
import { declarations } from "../catalog/declarations.ts";
import { aggregateByName, functions } from "../catalog/functions.ts";
import type { Place } from "../catalog/rows.ts";
import { typeByName } from "../catalog/types.ts";
import { variables } from "../catalog/variables.ts";
import { clausePlace } from "./catalogue-at.ts";
import { clauseItems, eventTime, partWords } from "./completion/clauses.ts";
import { declarationItems, headerItems } from "./completion/headers.ts";
import { type Candidate, sorted } from "./completion/item.ts";
import { type Probe, probe } from "./completion/probe.ts";
import { stringItems } from "./completion/strings.ts";
import { treeItems } from "./completion/tree-items.ts";
import { clauseDoc, connectorDoc, declarationDoc, functionDoc, paragraphs, typeDoc } from "./docs.ts";
import { symbolThing } from "./names.ts";
import { pathAt } from "./syntax-path.ts";
import { thingDoc } from "./thing-doc.ts";
import type { CompletionItem } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function completions(ws: Workspace, path: string, offset: number): readonly CompletionItem[] {
  const tree = ws.tree(path);
  if (
    tree.comments.some(
      ({ span, kind }) => span.start < offset && (offset < span.end || (kind !== "block" && offset === span.end)),
    )
  )
    return [];
  const inString = stringItems(ws, path, offset);
  if (inString) return inString;
  const probed = probe(ws, path, offset);
  const candidates = probed.parts ? treeItems(probed, probed.parts) : lostItems(probed);
  const origin = `${path}`;
  return sorted(candidates, probed.word).map((item) =>
    item.docKey === undefined ? item : { ...item, docKey: `${item.docKey}\n${origin}` },
  );
}

/** The parser passed over the word: what stands before it tells what may follow. */
function lostItems(probed: Probe): readonly Candidate[] {
  const { ws, path, word } = probed;
  const header = headerItems(probed);
  if (header) return header;
  const tree = ws.tree(path);
  const parts = pathAt(probed.tree, word.start);
  const declaration = parts[1];
  const isInside =
    declaration !== undefined && declaration.span.start < word.start && hasOpenBlock(probed, declaration.span.start);
  if (!isInside) return startsLine(probed) ? declarationItems(probed) : [];
  const at = clausePlace(pathAt(tree, word.start));
  const before = at?.siblings.findLast(({ span }) => span.start < word.start);
  const isSameLine = before !== undefined && !probed.text.slice(before.span.end, word.start).includes("\n");
  if (!at || !isSameLine) return at && startsLine(probed) ? clauseItems(at, probed) : [];
  const row = before.row?.startsWith("connector.")
    ? undefined
    : clausesOf(at.place).find(({ id }) => id === before.row);
  if (at.place === "test" && row === undefined) return eventTime(before, probed);
  return row ? partWords(before, row) : [];
}

const startsLine = ({ text, word }: Probe): boolean =>
  text.slice(text.lastIndexOf("\n", word.start - 1) + 1, word.start).trim() === "";

function hasOpenBlock({ text, word }: Probe, start: number): boolean {
  let depth = 0;
  for (let at = start; at < word.start; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}") depth--;
  }
  return depth > 0;
}

/** Adds the documentation, which most items of a list are never asked for. */
export function resolveCompletion(ws: Workspace, item: CompletionItem): CompletionItem {
  if (item.docKey === undefined || item.documentation !== undefined) return item;
  const [key = "", origin = ""] = item.docKey.split("\n");
  const documentation = docOf(ws, key, origin);
  return documentation === undefined ? item : { ...item, documentation };
}

function docOf(ws: Workspace, key: string, origin: string): string | undefined {
  const [kind = "", ...rest] = key.split(" ");
  const name = rest.join(" ");
  switch (kind) {
    case "clause": {
      const row = clausesOf(name.slice(0, name.indexOf(".")) as Place).find(({ id }) => id === name);
      return row && clauseDoc(row);
    }
    case "connector": {
      const row = connectorRow(name);
      return row && connectorDoc(row);
    }
    case "declaration": {
      const row = declarations.find(({ keyword }) => keyword === name);
      return row && declarationDoc(row);
    }
    case "function": {
      const row =
        rest[0] === "aggregate"
          ? aggregateByName.get(rest[1] ?? "")
          : functions.find((one) => one.name === name && one.style !== "aggregate" && one.style !== "operator");
      return row && functionDoc(row);
    }
    case "scalar": {
      const row = typeByName.get(name);
      return row && typeDoc(row);
    }
    case "variable": {
      const row = variables.find((one) => one.name === name);
      return row && paragraphs(row.doc, `In scope: ${row.where}.`);
    }
    default: {
      const analysis = ws.file(origin);
      const symbol = analysis.model.symbols.find((one) => one.name === name);
      return symbol && thingDoc(analysis, symbolThing(symbol, symbol.at));
    }
  }
}
