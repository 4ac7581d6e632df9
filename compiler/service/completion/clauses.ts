/** Items inside a block: clauses and connectors that may still be given, and what may follow in a clause that has begun. */
import { clausesOf } from "../../catalog/clauses.ts";
import { connectors, optionsIn } from "../../catalog/connectors.ts";
import type { ClauseRow } from "../../catalog/rows.ts";
import { clauseSignature } from "../../emit/docs/clause-signature.ts";
import type { Clause } from "../../syntax/ast.ts";
import { type ClausePlace, placesWithConnectors } from "../catalogue-at.ts";
import { type Candidate, snippet } from "./item.ts";
import { after, marker, type Probe } from "./probe.ts";
import { clauseSnippet, connectorSnippet, partSnippet, withWord } from "./sample-text.ts";

export function clauseItems({ place, role, siblings }: ClausePlace, probe: Probe): readonly Candidate[] {
  const others = siblings.filter(({ keyword }) => keyword.text !== marker);
  const given = new Set(others.map(({ keyword }) => keyword.text));
  const groups = new Set(
    clausesOf(place)
      .filter((row) => given.has(row.keyword))
      .map((row) => row.oneOf ?? row.keyword),
  );
  const rows = clausesOf(place).filter(
    (row) => (row.many || !groups.has(row.oneOf ?? row.keyword)) && isPossible(row, probe),
  );
  const found = rows.map(
    (row): Candidate => ({
      label: row.keyword,
      kind: "clause",
      rank: row.required ? 0 : 2,
      detail: clauseSignature(row),
      docKey: `clause ${row.id}`,
      ...keywordText(row, probe),
    }),
  );
  if (placesWithConnectors.has(place) && role !== undefined) {
    const hasConnector = place !== "pipeline" && others.some(({ row }) => row?.startsWith("connector."));
    for (const row of hasConnector ? [] : connectors) {
      if (!row.roles.includes(role) || given.has(row.name)) continue;
      const defaults = new Set(probe.model.defaults.get(row.name)?.options.keys());
      const text = connectorSnippet(row, optionsIn(row, role), role === "defaults" ? new Set() : defaults);
      found.push({
        label: row.name,
        kind: "connector",
        rank: row.runtime ? 1 : 1.5,
        detail: "connector",
        docKey: `connector ${row.name}`,
        ...(isFollowed(probe) ? { newText: row.name } : { newText: text, isSnippet: true }),
      });
    }
  }
  return place === "test" ? [...eventItems(probe), ...found] : found;
}

/** A table's rows need a table, a join two inputs with names. */
function isPossible({ id }: ClauseRow, { model, parts }: Probe): boolean {
  if (id === "test.table") return model.nodes.some(({ kind }) => kind === "table");
  if (id !== "window.join") return true;
  const node = model.nodes.find(({ declaration }) => parts?.includes(declaration));
  return node !== undefined && node.inputs.length === 2 && node.inputs.every(({ alias }) => alias !== undefined);
}

/** Something stands behind the word on its line: then it is a keyword that changes, not a clause that begins. */
const isFollowed = (probe: Probe): boolean =>
  /^[ \t]+[^\s}]/.test(probe.text.slice(probe.word.end, probe.word.end + 40)) || after(probe) === ".";

function keywordText(row: ClauseRow, probe: Probe): Pick<Candidate, "newText" | "isSnippet" | "triggersNext"> {
  if (isFollowed(probe)) return { newText: row.keyword };
  const text = row.id === "test.expect" ? "expect $1" : clauseSnippet(row);
  if (text === row.keyword) return { newText: text };
  return { newText: text, isSnippet: true, ...(/ \$1$/.test(text) ? { triggersNext: true as const } : {}) };
}

/** `lines at 0s { … }`. */
const eventItems = ({ model }: Probe): readonly Candidate[] =>
  model.nodes
    .filter(({ kind }) => kind === "source")
    .map(({ name }) => ({
      label: name,
      kind: "node",
      rank: 0,
      newText: `${snippet(name)} at \${1:0s} { $2 }`,
      isSnippet: true,
      detail: "an event enters",
    }));

/** The words that may go on with a clause: those of its parts which are not given yet. */
export function partWords(clause: Clause, row: ClauseRow): readonly Candidate[] {
  const given = new Set(clause.arguments.flatMap(({ part, value }) => (value.kind === "error" ? [] : [part])));
  if (row.alternatives && given.size > 0) return [];
  return row.parts
    .filter((part) => !given.has(part.name))
    .flatMap((part): readonly Candidate[] => {
      if (part.word !== undefined)
        return [
          {
            label: part.word,
            kind: "keyword",
            rank: part.optional ? 1 : 0,
            newText: withWord(part, partSnippet(part, 1)),
            isSnippet: true,
            documentation: part.doc,
          },
        ];
      if (part.kind !== "word") return [];
      return (part.choices ?? []).map(({ name, doc }) => ({
        label: name,
        kind: "keyword",
        rank: 1,
        documentation: doc,
      }));
    });
}

/** `lines |` in a test: a source, so an event. */
export function eventTime({ keyword }: Clause, { model }: Probe): readonly Candidate[] {
  const isSource = model.nodes.some(({ name, kind }) => kind === "source" && name === keyword.text);
  return isSource ? [{ label: "at", kind: "keyword", rank: 0, newText: `at \${1:0s} { $2 }`, isSnippet: true }] : [];
}
