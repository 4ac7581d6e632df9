/** What may go on with a clause that has begun: its words, choices, braces; behind a whole expression, operators. */
import type { ClauseRow, Part } from "../../catalog/rows.ts";
import { isExpression } from "../definition.ts";
import { clauseItems } from "./clauses.ts";
import { nodesFor, nodesOfKind } from "./headers.ts";
import type { Candidate } from "./item.ts";
import { operatorsAfter } from "./operators.ts";
import type { Probe } from "./probe.ts";
import { isFollowed } from "./probe.ts";
import { partSnippet, withWord } from "./sample-text.ts";
import { introduced, restOfPhrase, type Statement } from "./statement.ts";
import { recordSnippet } from "./test-data.ts";
import { choicesOf, partValues } from "./values.ts";

export function statementItems(statement: Statement, probe: Probe): readonly Candidate[] {
  const { clause, row, mayBegin, at } = statement;
  const more = clause ? goingOn(statement, probe) : [];
  if (!mayBegin || (row && isLacking(row, statement.given))) return more;
  const begun = clause && row === undefined && at.place === "test" ? [] : clauseItems(at, probe);
  return [...more, ...(clause ? begun.map((item) => ({ ...item, rank: item.rank + 3 })) : begun)];
}

const isLacking = (row: ClauseRow, given: ReadonlySet<string>): boolean =>
  row.parts.some(({ name, optional }) => optional !== true && !given.has(name));

function goingOn(statement: Statement, probe: Probe): readonly Candidate[] {
  const { at, clause, row, given, words, pending } = statement;
  if (!row) return at.place === "test" && clause ? eventTime(clause.keyword.text, words, probe) : [];
  const part = introduced(row, words);
  if (part?.kind === "node") return nodesOfKind(probe, nodesFor[row.id] ?? []);
  if (part) return partValues(part, probe);
  if (row.alternatives && given.size > 0) return [];
  const left = row.parts.filter(({ name }) => !given.has(name));
  const begun = left.flatMap((one): readonly Candidate[] => phraseRest(one, words));
  if (begun.length > 0) return begun;
  if (pending.length > 0) return operators(statement, probe);
  const next = row.parts.find(({ name, optional }) => optional !== true && !given.has(name));
  const items = left.flatMap((one) => partItems(one, row, given, next, probe));
  return [...items, ...operators(statement, probe)];
}

/** `by |` → `lag`, `in any |` → `order`. */
function phraseRest(part: Part, words: readonly string[]): readonly Candidate[] {
  const phrases = [part.word ?? "", ...(part.choices ?? []).map(({ name }) => name)];
  return phrases.flatMap((phrase) => {
    const rest = restOfPhrase(phrase, words);
    return rest === undefined ? [] : [{ label: rest, kind: "keyword" as const, rank: 0, documentation: part.doc }];
  });
}

/** @param next what must be given next; what comes after it has to wait unless a word of its own marks it */
function partItems(
  part: Part,
  row: ClauseRow,
  given: ReadonlySet<string>,
  next: Part | undefined,
  probe: Probe,
): readonly Candidate[] {
  if (row.id === "test.expect" && isRuledOut(part.name, given)) return [];
  const rank = part.optional === true ? 1 : 0;
  if (part.word !== undefined) return wordItems(part, rank, probe);
  if (next !== undefined && next !== part) return [];
  switch (part.kind) {
    case "word":
      return choicesOf(part, false).map((one) => ({ ...one, kind: "keyword", rank }));
    case "node":
      return nodesOfKind(probe, nodesFor[row.id] ?? []);
    case "options":
    case "record":
    case "fields":
    case "block":
      return [braces("{ … }", partSnippet(part, 1), part)];
    case "events":
      return [braces("[ … ]", "[$0]", part)];
    case "event":
      return [braces("{ … }", "{ $0 }", part)];
    default:
      return partValues(part, probe);
  }
}

/** `expect nothing from a` has no events; `expect a` is not `nothing from`. */
const isRuledOut = (name: string, given: ReadonlySet<string>): boolean =>
  given.has("nothing") ||
  (name === "nothing" && given.has("node")) ||
  (name === "node" && given.size > 0) ||
  (name === "exactly" && (given.has("events") || !given.has("node"))) ||
  (name === "events" && !given.has("node")) ||
  (name === "order" && !given.has("events"));

/** Its value may stand there already: then only the word is written, where the grammar takes that. */
function wordItems(part: Part, rank: number, probe: Probe): readonly Candidate[] {
  const label = part.word!;
  const bare: Candidate = { label, kind: "keyword", rank, documentation: part.doc };
  const whole: Candidate = { ...bare, newText: withWord(part, partSnippet(part, 1)), isSnippet: true };
  return isFollowed(probe) ? [bare, whole] : [whole];
}

const braces = (label: string, newText: string, part: Part): Candidate => ({
  label,
  kind: "snippet",
  rank: part.optional === true ? 2 : 0,
  newText,
  isSnippet: true,
  documentation: part.doc,
  triggersNext: true,
});

/** Behind a whole expression. */
function operators({ clause, row, given }: Statement, { model }: Probe): readonly Candidate[] {
  const last = row?.parts.findLast(({ name }) => given.has(name));
  const value = clause?.arguments.find(({ part }) => part === last?.name)?.value;
  const expression = value?.kind === "many" ? value.values.at(-1) : value;
  const takesOne = last?.kind === "expr" || last?.kind === "exprs";
  return takesOne && expression && isExpression(expression) ? operatorsAfter(expression, model) : [];
}

/** `lines |` in a test: a source, so an event; `lines at 0s |` its data. */
function eventTime(name: string, words: readonly string[], probe: Probe): readonly Candidate[] {
  const source = probe.model.nodes.find((node) => node.name === name && node.kind === "source");
  if (!source) return [];
  const data = recordSnippet(source.inputType, probe.model.types, 2);
  if (words.length === 0)
    return [
      isFollowed(probe)
        ? { label: "at", kind: "keyword", rank: 0 }
        : { label: "at", kind: "keyword", rank: 0, newText: `at \${1:0s} ${data}`, isSnippet: true },
    ];
  return [];
}
