/** Which rows of the catalogue the place of a syntax path belongs to. */
import { clauseRow } from "../catalog/clauses.ts";
import { eventRow } from "../catalog/clauses-test.ts";
import { connectorRow, optionsIn } from "../catalog/connectors.ts";
import type { ClauseRow, ConnectorRow, OptionRow, Part as PartRow, Place, Role } from "../catalog/rows.ts";
import type { Argument, Clause, Declaration, RecordEntry, RecordExpression } from "../syntax/ast.ts";
import type { Part } from "./syntax-path.ts";

export const isClause = (part: Part | undefined): part is Part & Clause =>
  part !== undefined && "keyword" in part && "arguments" in part && "row" in part;
export const isArgument = (part: Part | undefined): part is Part & Argument =>
  part !== undefined && "part" in part && "value" in part;
export const isRecord = (part: Part | undefined): part is RecordExpression =>
  part?.kind === "record" && "entries" in part;
export const isEntry = (part: Part | undefined): part is Extract<RecordEntry, { readonly kind: "field" }> =>
  part?.kind === "field" && "key" in part;
const declarationKinds: ReadonlySet<string> = new Set([
  "pipeline",
  "source",
  "step",
  "window",
  "chunk",
  "sink",
  "table",
  "test",
]);
export const isDeclaration = (part: Part | undefined): part is Declaration =>
  part !== undefined && "keyword" in part && !isClause(part);

export interface ClausePlace {
  readonly place: Place;
  readonly role: Role | undefined;
  readonly clause: Clause | undefined;
  readonly row: ClauseRow | undefined;
  readonly connector: ConnectorRow | undefined;
  readonly argument: Argument | undefined;
  readonly part: PartRow | undefined;
  /** The clauses of the same block. */
  readonly siblings: readonly Clause[];
  /** Index in the path of what is given for the argument. */
  readonly valueIndex: number;
}

/** The innermost clause of the path; undefined outside of blocks. */
export function clausePlace(path: readonly Part[]): ClausePlace | undefined {
  const declaration = path.find(isDeclaration);
  if (!declaration || !declarationKinds.has(declaration.kind)) return undefined;
  let place = declaration.kind as Place;
  let siblings: readonly Clause[] =
    "clauses" in declaration ? declaration.clauses : "statements" in declaration ? declaration.statements : [];
  let found: ClausePlace = { ...noClause, place, role: roleOf(place), siblings };
  for (const [index, part] of path.entries()) {
    if (isClause(part)) {
      const connector = part.row?.startsWith("connector.") ? connectorRow(part.keyword.text) : undefined;
      const row = connector ? undefined : part.row === "test.event" ? eventRow : rowById(part.row, place);
      found = { ...noClause, place, role: roleOf(place), siblings, clause: part, row, connector };
    } else if (isArgument(part) && found.clause) {
      const row = found.row?.parts.find((one) => one.name === part.part);
      found = { ...found, argument: part, part: row, valueIndex: index + 1 };
    } else if (part.kind === "block" && found.part?.block) {
      place = found.part.block;
      siblings = "clauses" in part ? (part.clauses as readonly Clause[]) : [];
      found = { ...noClause, place, role: roleOf(place), siblings };
    }
  }
  return found;
}

/** In a block, and in no clause of it. */
export const noClause = {
  clause: undefined,
  row: undefined,
  connector: undefined,
  argument: undefined,
  part: undefined,
  valueIndex: -1,
} as const;

const rowById = (id: string | undefined, place: Place): ClauseRow | undefined =>
  id === undefined ? undefined : clauseRow(place, id.slice(id.indexOf(".") + 1));

export function roleOf(place: Place): Role | undefined {
  if (place === "source" || place === "sink" || place === "table") return place;
  return place === "pipeline" ? "defaults" : place === "errors" ? "dead_letter" : undefined;
}

export const placesWithConnectors: ReadonlySet<Place> = new Set(["pipeline", "source", "sink", "table", "errors"]);

export interface OptionPlace {
  /** What may stand as a key of the innermost record. */
  readonly options: readonly OptionRow[];
  readonly record: RecordExpression | undefined;
  /** The option whose key or value the path leads to. */
  readonly option: OptionRow | undefined;
  readonly entry: Extract<RecordEntry, { readonly kind: "field" }> | undefined;
}

/** Where the path leads into a record of options. */
export function optionPlace(path: readonly Part[]): OptionPlace | undefined {
  const at = clausePlace(path);
  if (!at?.argument) return undefined;
  let options = at.connector ? optionsIn(at.connector, at.role ?? "source") : at.part?.options;
  if (!options) return undefined;
  let found: OptionPlace | undefined;
  for (const part of path.slice(at.valueIndex)) {
    if (isRecord(part)) {
      if (!options) return undefined;
      found = { options, record: part, option: undefined, entry: undefined };
    } else if (isEntry(part) && found && found.entry === undefined) {
      const option: OptionRow | undefined = options?.find(({ name }) => name === part.key.text);
      found = { ...found, option, entry: part };
      options = option?.kind === "options" ? option.options : undefined;
    } else if (isEntry(part)) {
      const option: OptionRow | undefined = options?.find(({ name }) => name === part.key.text);
      found = { options: options ?? [], record: found?.record, option, entry: part };
      options = option?.kind === "options" ? option.options : undefined;
    }
  }
  return found;
}
