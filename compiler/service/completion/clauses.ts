/** Items inside a block: clauses and connectors that may still be given, and what may follow in a clause that has begun. */
import { clausesOf } from "../../catalog/clauses.ts";
import { connectors, optionsIn } from "../../catalog/connectors.ts";
import type { ClauseRow, OptionRow, Place } from "../../catalog/rows.ts";
import { clauseSignature } from "../../emit/docs/clause-signature.ts";
import type { Clause } from "../../syntax/ast.ts";
import { type ClausePlace, isClause, placesWithConnectors } from "../catalogue-at.ts";
import { pathAt } from "../syntax-path.ts";
import { type Candidate, snippet } from "./item.ts";
import { isFollowed, marker, type Probe } from "./probe.ts";
import { clauseSnippet, connectorSnippet, isNeeded } from "./sample-text.ts";
import { recordSnippet } from "./test-data.ts";

export function clauseItems({ place, role, siblings }: ClausePlace, probe: Probe): readonly Candidate[] {
  const others = siblings.filter(({ keyword }) => keyword.text !== marker);
  const given = new Set(others.map(({ keyword }) => keyword.text));
  const groups = new Set(
    clausesOf(place)
      .filter((row) => given.has(row.keyword))
      .map((row) => row.oneOf ?? row.keyword),
  );
  const old = replaced(probe);
  const rows = clausesOf(place).filter(
    (row) =>
      (row.many || !groups.has(row.oneOf ?? row.keyword)) &&
      isPossible(row, probe) &&
      (!old || takesAll(row, old, place)),
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
      const needs = (option: OptionRow): boolean => isNeeded(row, option) && !defaults.has(option.name);
      if (old && !takesOptions(optionsIn(row, role), old, needs)) continue;
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
  if (place !== "test") return found;
  const isEvent = old
    ? old.row === "test.event"
    : !isFollowed(probe) || /^\s+at\b/.test(probe.text.slice(probe.word.end));
  return [...(isEvent ? eventItems(probe) : []), ...(old?.row === "test.event" ? [] : found)];
}

/** The clause whose keyword is changed, when it has one already and more stands behind it. */
function replaced(probe: Probe): Clause | undefined {
  if (!isFollowed(probe)) return undefined;
  const clause = pathAt(probe.ws.tree(probe.path), probe.word.start).findLast(isClause);
  return clause?.row !== undefined && clause.keyword.span.start === probe.word.start ? clause : undefined;
}

/** What stands behind the keyword may stand behind this one as well. */
function takesAll(row: ClauseRow, old: Clause, place: Place): boolean {
  if (old.row === row.id) return true;
  if (place === "test") return false;
  if (old.row?.startsWith("connector.") && row.parts[0]?.kind !== "options") return false;
  const first = clausesOf(place).find(({ id }) => id === old.row)?.parts[0];
  const [own] = row.parts;
  if (own?.kind === "options") return (first?.kind ?? "options") === "options" && takesOptions(own.options ?? [], old);
  return (
    first === undefined ||
    (own?.kind === first.kind && (own.type ?? first.type) === first.type && own.word === first.word)
  );
}

function takesOptions(
  options: readonly OptionRow[],
  old: Clause,
  needs = ({ required }: OptionRow): boolean => required === true,
): boolean {
  const record = old.arguments.find(({ value }) => value.kind === "record")?.value;
  const keys =
    record?.kind === "record" ? record.entries.flatMap((one) => (one.kind === "field" ? [one.key.text] : [])) : [];
  return (
    keys.every((key) => options.some(({ name }) => name === key)) &&
    options.every((option) => !needs(option) || keys.includes(option.name))
  );
}

/** A table's rows need a table, a join two inputs with names, chunks of panes a window. */
function isPossible({ id }: ClauseRow, { model, tree, word }: Probe): boolean {
  const around = tree.declarations.findLast(({ span }) => span.start < word.start);
  if (id === "test.table") return model.nodes.some(({ kind }) => kind === "table");
  if (id !== "window.join" && id !== "chunk.window") return true;
  const node = model.nodes.find(({ declaration }) => declaration === around);
  if (id === "chunk.window") return node?.inputs.some((input) => input.node?.kind === "window") === true;
  return node !== undefined && node.inputs.length === 2 && node.inputs.every(({ alias }) => alias !== undefined);
}

function keywordText(row: ClauseRow, probe: Probe): Pick<Candidate, "newText" | "isSnippet" | "triggersNext"> {
  if (isFollowed(probe)) return { newText: row.keyword };
  const text = row.id === "test.expect" ? "expect $1" : clauseSnippet(row);
  if (text === row.keyword) return { newText: text };
  return { newText: text, isSnippet: true, ...(/ \$1$/.test(text) ? { triggersNext: true as const } : {}) };
}

/** `lines at 0s { … }`. */
const eventItems = (probe: Probe): readonly Candidate[] =>
  probe.model.nodes
    .filter(({ kind }) => kind === "source")
    .map(({ name, inputType }) => ({
      label: name,
      kind: "node",
      rank: 0,
      detail: "an event enters",
      ...(isFollowed(probe)
        ? {}
        : {
            newText: `${snippet(name)} at \${1:0s} ${recordSnippet(inputType, probe.model.types, 2)}`,
            isSnippet: true,
          }),
    }));
