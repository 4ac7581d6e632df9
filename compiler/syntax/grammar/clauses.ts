/** Clauses and the blocks they stand in: which words may begin one is the catalogue's to say. */
import { clauseRow, clauses, clausesOf } from "../../catalog/clauses.ts";
import { eventRow } from "../../catalog/clauses-test.ts";
import { connectorRow, connectors } from "../../catalog/connectors.ts";
import type { ClauseRow, ConnectorRow, Place } from "../../catalog/rows.ts";
import { nearest } from "../../source/nearest.ts";
import type { Argument, Clause, Name } from "../ast.ts";
import { Comma, DurationToken, LeftBrace, RightBrace, Word } from "../tokens.ts";
import { ArgumentParser } from "./arguments.ts";
import { closes, edit, isStray, shortened, spanOf } from "./cursor.ts";

const withConnectors: ReadonlySet<Place> = new Set(["pipeline", "source", "sink", "table", "errors"]);

/** How a place is called in a message. */
const placeInWords = (place: Place): string => (place === "errors" ? "block of `errors`" : place);

const connectorClauses = new Map<string, ClauseRow>(connectors.map((row) => [row.name, connectorClause(row)]));

function connectorClause(row: ConnectorRow): ClauseRow {
  return {
    id: `connector.${row.name}`,
    place: "source",
    keyword: row.name,
    parts: [{ name: "options", kind: "options", options: row.options, doc: row.doc }],
    doc: row.doc,
    example: row.example,
    since: row.since,
    runtime: row.runtime,
  };
}

/** The row of a clause or connector that `word` begins in `place`. */
function rowOf(place: Place, word: string): ClauseRow | undefined {
  return clauseRow(place, word) ?? (withConnectors.has(place) ? connectorClauses.get(word) : undefined);
}

function wordsOf(place: Place): string[] {
  const names = clausesOf(place).map((row) => row.keyword);
  return withConnectors.has(place) ? [...names, ...connectors.map((row) => row.name)] : names;
}

/** The declarations in which the clause would be right. */
function elsewhere(word: string): string | undefined {
  const places = [...new Set(clauses.filter((row) => row.keyword === word).map((row) => row.place))];
  if (connectorRow(word) !== undefined) return "source, sink or table";
  return places.length === 0 ? undefined : places.slice(0, 3).map(placeInWords).join(" or ");
}

const joiningWords: ReadonlyMap<string, string> = new Map([
  ["and", "&&"],
  ["or", "||"],
]);

export class ClauseParser extends ArgumentParser {
  /** block = "{" clause* "}" */
  protected override block(place: Place): Clause[] {
    const open = this.take();
    const wereFree = this.linesAreFree;
    const wasQuiet = this.quiet;
    this.linesAreFree = false;
    const found: Clause[] = [];
    let previous = "";
    while (this.index < open.groupEnd) {
      this.quiet = false;
      if (this.isBrokenOff && !this.beginsClause(place)) {
        this.skipOne();
        this.skipLine(open.groupEnd);
        continue;
      }
      const before = this.index;
      const clause = this.SUBRULE(this.clause, { ARGS: [place, open.groupEnd, previous] });
      if (clause !== undefined) {
        found.push(clause);
        previous = clause.keyword.text;
      }
      if (this.index === before) this.skipOne();
    }
    this.quiet = wasQuiet;
    this.close(open, RightBrace, "`}`");
    this.linesAreFree = wereFree;
    return found;
  }

  /** clause = keyword argument* */
  protected readonly clause = this.RULE(
    "clause",
    (place: Place = "step", end = 0, previousClause = ""): Clause | undefined => {
      const token = this.next;
      if (token.tokenType !== Word) {
        if (isStray(token)) this.strayClose(token);
        else if (previousClause !== "" && !token.newline) this.tooMuch(previousClause);
        else
          this.report("FLOW1010", spanOf(token), {
            what: `a clause of the ${placeInWords(place)}`,
            found: shortened(token.image),
          });
        this.skipOne();
        this.skipLine(end);
        return undefined;
      }
      const row = this.rowHere(place, token.image);
      if (row === undefined && previousClause !== "" && joiningWords.has(token.image)) {
        this.joinedByWord(token.image, end);
        return undefined;
      }
      if (row === undefined && previousClause !== "" && !token.newline && this.tooMuch(previousClause)) {
        this.skipLine(end);
        return undefined;
      }
      const keyword = this.nameOf(this.take());
      const known = row ?? this.nearRow(place, keyword);
      const args: Argument[] = known === undefined ? [] : this.argumentsOf(known, keyword);
      if (this.quiet) this.skipRest(end, place);
      const clause: Clause = { keyword, row: known?.id, arguments: args, span: this.from(token.startOffset) };
      return token.doc === undefined ? clause : { ...clause, doc: token.doc };
    },
  );

  /** `or data.paid` on the line below a condition. */
  private joinedByWord(word: string, end: number): void {
    const span = spanOf(this.next);
    const right = joiningWords.get(word)!;
    this.report("FLOW1013", span, { wrong: word, right }, { fixes: [edit(`Change to \`${right}\``, span, right)] });
    this.skipOne();
    this.skipLine(end);
  }

  /** A clause of the place, or what may be a slip of one. */
  private beginsClause(place: Place): boolean {
    const { image, tokenType } = this.next;
    if (tokenType !== Word) return isStray(this.next);
    return place === "test" || rowOf(place, image) !== undefined || nearest(image, wordsOf(place)) !== undefined;
  }

  private rowHere(place: Place, word: string): ClauseRow | undefined {
    if (place !== "test") return rowOf(place, word);
    const { afterNext } = this;
    const statement = clauseRow("test", word);
    const isEvent = afterNext.tokenType === Word && afterNext.image === "at" && !afterNext.newline;
    // `expect at […]` speaks of a node called `at`; `watermark at 5s {}` is an event of a node called `watermark`.
    const time = this.tokVector[this.index + 2];
    return isEvent && (statement === undefined || time?.tokenType === DurationToken) ? eventRow : statement;
  }

  /** Something after a complete clause on its line that begins no other. False when it looks like a misspelt clause. */
  private tooMuch(clause: string): boolean {
    const { next } = this;
    if (next.tokenType === Word && (this.afterNext.tokenType === LeftBrace || elsewhere(next.image) !== undefined))
      return false;
    this.report("FLOW1011", spanOf(next), { found: shortened(next.image), clause });
    return true;
  }

  /** Reports the unknown keyword; what it most likely means is read in its place. */
  private nearRow(place: Place, keyword: Name): ClauseRow | undefined {
    if (place === "test" && this.next.tokenType === LeftBrace && !this.next.newline) {
      this.report("FLOW1017", keyword.span, { clause: keyword.text, needs: "`at` and a time such as `5s`" });
      return undefined;
    }
    const near = nearest(keyword.text, wordsOf(place));
    const fixes = near === undefined ? [] : [edit(`Change to '${near}'`, keyword.span, near)];
    const where = near === undefined ? elsewhere(keyword.text) : undefined;
    const parameters = { found: keyword.text, place: placeInWords(place), near, elsewhere: where };
    if (near === undefined) this.report("FLOW1016", keyword.span, parameters);
    else this.remark("FLOW1016", keyword.span, parameters, { fixes });
    return near === undefined ? undefined : rowOf(place, near);
  }

  /** After a mistake: up to the next line, or the next clause on this one. */
  private skipRest(end: number, place: Place): void {
    while (this.index < end && !this.next.newline) {
      const { next } = this;
      if (
        next.tokenType === Word &&
        this.previous.tokenType !== Comma &&
        rowOf(place, next.image) !== undefined &&
        closes(this.previous)
      )
        return;
      this.skipOne();
    }
  }
}
