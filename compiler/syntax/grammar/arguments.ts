/** The arguments of a clause: the parts of its catalogue row in their order, and what to say where one is lacking. */
import { clauseRow } from "../../catalog/clauses.ts";
import type { ClauseRow, Part, Place } from "../../catalog/rows.ts";
import { nearest } from "../../source/nearest.ts";
import type { Argument, Name } from "../ast.ts";
import { LeftBrace, LeftBracket, Operator, type Token, Word } from "../tokens.ts";
import { closes, edit, spanOf } from "./cursor.ts";
import { PartValueParser } from "./part-values.ts";
import { inWords, signature } from "./part-words.ts";

export abstract class ArgumentParser extends PartValueParser {
  /** Fills the row's parts in their order; parts that a word of their own marks also in another. */
  protected argumentsOf(row: ClauseRow, keyword: Name): Argument[] {
    const given: Argument[] = [];
    const left: Part[] = [];
    for (const part of row.parts) {
      const argument = this.partHere(part, given, row.place) ? this.argument(part, row) : undefined;
      if (argument !== undefined) given.push(argument);
      else left.push(part);
    }
    this.outOfOrder(row, left, given);
    this.checkGiven(row, keyword, left, given);
    return given;
  }

  private outOfOrder(row: ClauseRow, left: Part[], given: Argument[]): void {
    for (;;) {
      const part = row.parts.find((one) => this.markedHere(one, row.place));
      if (part === undefined) return;
      const at = left.indexOf(part);
      if (at === -1)
        this.remark("FLOW1021", spanOf(this.next), { again: part.word ?? this.next.image, clause: row.keyword });
      else left.splice(at, 1);
      const argument = this.argument(part, row);
      if (at !== -1) given.push(argument);
    }
  }

  /** The part's own word stands here: the one before its value, or an optional choice such as `exactly`. */
  private markedHere(part: Part, place: Place): boolean {
    if (part.word !== undefined) return this.wordsHere(part.word);
    const isChoice = part.kind === "word" && part.optional === true;
    return isChoice && this.choiceHere(part) !== undefined && clauseRow(place, this.next.image) === undefined;
  }

  private checkGiven(row: ClauseRow, keyword: Name, left: readonly Part[], given: readonly Argument[]): void {
    const lacking = left.find((part) => part.optional !== true);
    const clause = keyword.text === "" ? row.keyword : keyword.text;
    if (lacking !== undefined) this.lacks(row, clause, keyword, lacking, given);
    else if (row.alternatives === true && given.length === 0)
      this.incomplete(keyword, clause, left.map(signature).join(" or "));
    else if (row.alternatives === true && given.length > 1) {
      const { words, span } = given[1]!;
      const text = words.map((word) => word.text).join(" ");
      this.report("FLOW1011", span, {
        found: text,
        clause: `${clause} ${given[0]!.words.map((word) => word.text).join(" ")} …`,
      });
    } else if (row.id === "test.expect") this.checkExpectation(keyword, given);
  }

  /** `expect node [ … ]`, or `expect nothing from node`. */
  private checkExpectation(keyword: Name, given: readonly Argument[]): void {
    const value = (name: string) => given.find(({ part }) => part === name)?.value;
    if (value("nothing") !== undefined) return;
    const node = value("node");
    if (node?.kind !== "node") this.incomplete(keyword, "expect", "the name of a node, or `nothing from` one");
    else if (node.node.text === "nothing" && value("events") === undefined)
      this.incomplete(keyword, "expect nothing", "`from` and the name of a node");
    else if (value("events") === undefined && !this.isForeign(this.next))
      this.incomplete(keyword, `expect ${node.node.text}`, "a list of events `[ … ]`");
  }

  private lacks(row: ClauseRow, clause: string, keyword: Name, part: Part, given: readonly Argument[]): void {
    if (part.word === undefined && given.length === 0 && this.isForeign(this.next)) {
      this.missing(inWords(part));
      return;
    }
    const before = this.previous;
    if (before.broken) return;
    if (part.word === undefined && inBraces.has(part.kind) && this.next.tokenType === LeftBrace) {
      this.braceBelow(part);
      return;
    }
    const needsBlock =
      part.kind === "options" && row.parts.length === 1 && part.options?.some((option) => option.required) !== true;
    const fixes = needsBlock ? [edit("Add ` {}`", this.gap(), " {}")] : [];
    this.incomplete(keyword, clause, signature(part), fixes);
  }

  /** The brace stands on a line of its own. What it holds is passed over. */
  private braceBelow(part: Part): void {
    const gap = { start: this.previous.end, end: this.next.startOffset };
    const hasComment = this.text.slice(gap.start, gap.end).trim() !== "";
    const fixes = hasComment ? [] : [edit("Join the lines", gap, " ")];
    const parameters = { what: inWords(part), after: this.previous.image };
    this.report("FLOW1009", spanOf(this.previous), parameters, { fixes });
    this.skipOne();
  }

  /** Something stands where the part should, and begins nothing else. */
  private isForeign(token: Token): boolean {
    return this.continues(token) && token.tokenType !== Word && !closes(token);
  }

  private incomplete(keyword: Name, clause: string, needs: string, fixes: ReturnType<typeof edit>[] = []): void {
    this.brokenOffAt = this.index;
    this.report("FLOW1017", keyword.span, { clause, needs }, { fixes });
  }

  /** The part stands here. A required one without a word is taken to stand wherever anything does. */
  private partHere(part: Part, given: readonly Argument[], place: Place): boolean {
    const { next } = this;
    if (!this.continues(next)) return false;
    if (part.word !== undefined)
      return this.wordsHere(part.word) || (part.word === "=" && next.tokenType === Operator && next.image === "==");
    switch (part.kind) {
      case "options":
      case "record":
      case "fields":
      case "block":
        return next.tokenType === LeftBrace;
      case "events":
        return next.tokenType === LeftBracket || (part.optional !== true && this.startsExpression(next));
      case "word":
        return (
          next.tokenType === Word &&
          (part.optional !== true || this.choiceHere(part) !== undefined || this.nearChoice(part, place))
        );
      case "node":
        return next.tokenType === Word && (part.optional !== true || this.nodeHere(part, given));
      case "path":
      case "paths":
        return next.tokenType === Word;
      default:
        return this.startsExpression(next);
    }
  }

  /** `watermark lines 61s`: a name is a node only when more follows; in `expect` it always is. */
  private nodeHere(part: Part, given: readonly Argument[]): boolean {
    if (part.name !== "source") return given.length === 0;
    const { afterNext } = this;
    return (
      this.continues(afterNext) &&
      (afterNext.tokenType === Word || (this.startsExpression(afterNext) && afterNext.tokenType !== LeftBracket))
    );
  }

  /** A slip of a choice, and no clause of the place. */
  private nearChoice(part: Part, place: Place): boolean {
    const word = this.next.image;
    const names = (part.choices ?? []).map(({ name }) => name);
    return this.next.tokenType === Word && clauseRow(place, word) === undefined && nearest(word, names) !== undefined;
  }

  private argument(part: Part, row: ClauseRow): Argument {
    const { startOffset } = this.next;
    const words: Name[] = [];
    for (let i = 0; i < (part.word === undefined ? 0 : part.word.split(" ").length); i++)
      words.push(this.introducingWord());
    const value = this.partValue(part, row);
    return { part: part.name, words, value, span: this.from(startOffset) };
  }

  private introducingWord(): Name {
    const token = this.take();
    if (token.tokenType === Operator)
      this.remark(
        "FLOW1013",
        spanOf(token),
        { wrong: token.image, right: "=" },
        { fixes: [edit("Change to `=`", spanOf(token), "=")] },
      );
    return this.nameOf(token);
  }
}

const inBraces: ReadonlySet<string> = new Set(["options", "record", "fields", "block"]);
