/** What holds where something is left out that changes the outcome. Few: the rest of the defaults stands on hover. */
import { clauseRow } from "../catalog/clauses.ts";
import type { ModelClause, ModelNode } from "../semantics/model.ts";
import type { InlayHint } from "./types.ts";

export const defaultHints = (node: ModelNode): readonly InlayHint[] => [
  ...windowHints(node),
  ...node.clauses.flatMap((clause) => partHints(node, clause)),
  ...connectorHints(node),
];

/** Windows that end by event time. */
const endingWindows = new Set(["fixed", "sliding", "session"]);
const severalPanes = new Set(["early", "late", "lateness"]);

function windowHints({ kind, clauses }: ModelNode): readonly InlayHint[] {
  if (kind !== "window") return [];
  const has = (keyword: string): boolean => clauses.some((clause) => clause.keyword === keyword);
  const ends = clauses.find(({ keyword }) => endingWindows.has(keyword));
  const late =
    ends && !has("lateness")
      ? [
          hint(
            ends,
            "lateness 0s",
            "An event that comes after the watermark has passed the window's end is late: it goes to `.late`, and is dropped where nobody reads that.",
          ),
        ]
      : [];
  const several = clauses.findLast(({ keyword }) => severalPanes.has(keyword));
  const mode = clauseRow("window", "panes")?.parts[0];
  const meaning = mode?.choices?.find(({ name }) => name === mode.default)?.doc ?? "";
  const panes =
    several && mode?.default !== undefined && !has("panes") ? [hint(several, `panes ${mode.default}`, meaning)] : [];
  return [...late, ...panes];
}

/** Parts whose default decides what happens to events. */
const telling: ReadonlySet<string> = new Set(["retry.backoff", "retry.else", "join.mode"]);

function partHints({ kind }: ModelNode, clause: ModelClause): readonly InlayHint[] {
  const parts = clauseRow(kind === "table" ? "table" : kind, clause.keyword)?.parts ?? [];
  return parts.flatMap(({ name, word, default: value, doc, choices }) => {
    if (value === undefined || !telling.has(`${clause.keyword}.${name}`) || clause.values.has(name)) return [];
    const meaning = choices?.find((one) => one.name === value)?.doc;
    return [hint(clause, word === undefined ? value : `${word} ${value}`, meaning ?? doc)];
  });
}

const tellingOptions: ReadonlySet<string> = new Set(["kafka.start"]);

/** After the connector's name: where a source begins. */
function connectorHints({ connector, kind }: ModelNode): readonly InlayHint[] {
  if (!connector || kind !== "source") return [];
  return connector.row.options.flatMap(({ name, default: value, doc, choices }) => {
    if (value === undefined || !tellingOptions.has(`${connector.row.name}.${name}`)) return [];
    if (connector.options.has(name)) return [];
    const meaning = choices?.find((one) => one.name === value)?.doc ?? "";
    return [
      {
        offset: connector.syntax.keyword.span.end,
        label: `${name}: ${JSON.stringify(value)}`,
        kind: "default" as const,
        tooltip: `By default. ${doc} ${meaning}`.trim(),
        paddingLeft: true,
      },
    ];
  });
}

const hint = ({ syntax }: ModelClause, label: string, meaning: string): InlayHint => ({
  offset: syntax.span.end,
  label,
  kind: "default",
  tooltip: `By default. ${meaning}`,
  paddingLeft: true,
});
