/** Completion: what may stand at the cursor, best first. Built from the catalogue, the names in scope and inferred types. */
import { clausesOf } from "../catalog/clauses.ts";
import { connectorRow } from "../catalog/connectors.ts";
import { declarations } from "../catalog/declarations.ts";
import { aggregateByName, functions } from "../catalog/functions.ts";
import type { Place } from "../catalog/rows.ts";
import { typeByName } from "../catalog/types.ts";
import { variables } from "../catalog/variables.ts";
import { statementItems } from "./completion/clause-words.ts";
import { commentItems } from "./completion/comments.ts";
import { fitting } from "./completion/fits.ts";
import { declarationItems, headerItems } from "./completion/headers.ts";
import { type Candidate, sorted, withoutRest } from "./completion/item.ts";
import { type Probe, probe } from "./completion/probe.ts";
import { statementAt } from "./completion/statement.ts";
import { stringItems } from "./completion/strings.ts";
import { treeItems } from "./completion/tree-items.ts";
import { clauseDoc, connectorDoc, declarationDoc, flow, functionDoc, paragraphs, typeDoc } from "./docs.ts";
import { symbolThing } from "./names.ts";
import { pathAt } from "./syntax-path.ts";
import { thingDoc } from "./thing-doc.ts";
import type { CompletionItem } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function completions(ws: Workspace, path: string, offset: number): readonly CompletionItem[] {
  const tree = ws.tree(path);
  const comment = tree.comments.find(
    ({ span, kind }) => span.start < offset && (offset < span.end || (kind !== "block" && offset === span.end)),
  );
  if (comment) return commentItems(ws, path, offset, comment);
  const inString = stringItems(ws, path, offset);
  if (inString) return inString;
  const probed = probe(ws, path, offset);
  const found = probed.parts ? treeItems(probed, probed.parts) : lostItems(probed);
  const candidates = found.map((one) => withoutRest(one, probed));
  const origin = `${path}`;
  return sorted(fitting(probed, candidates), probed.word).map((item) =>
    item.docKey === undefined ? item : { ...item, docKey: `${item.docKey}\n${origin}` },
  );
}

/** The parser passed over the word: what stands before it tells what may follow. */
function lostItems(probed: Probe): readonly Candidate[] {
  const header = headerItems(probed);
  if (header) return header;
  const statement = statementAt(probed);
  if (statement) return statementItems(statement, probed);
  const isInside = pathAt(probed.tree, probed.word.start)
    .slice(1, 2)
    .some(({ span }) => span.start < probed.word.start && hasOpenBlock(probed, span.start));
  return !isInside && startsLine(probed) ? declarationItems(probed) : [];
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
  const documentation = withoutDetail(docOf(ws, key, origin), item.detail);
  return documentation === undefined ? item : { ...item, documentation };
}

/** Editors show the detail above the documentation, which begins with the same line where it is read alone. */
function withoutDetail(documentation: string | undefined, detail: string | undefined): string | undefined {
  const first = detail === undefined ? undefined : flow(detail);
  return first !== undefined && documentation?.startsWith(`${first}\n\n`)
    ? documentation.slice(first.length + 2)
    : documentation;
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
