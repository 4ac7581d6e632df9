/** The arguments of a clause: each part of its catalogue row has a kind, and each kind one way to be read. */
import { clauseRow } from "../../catalog/clauses.ts";
import type { ClauseRow, Part, Place } from "../../catalog/rows.ts";
import { nearest } from "../../source/nearest.ts";
import type { Argument, ArgumentValue, Clause, Name } from "../ast.ts";
import {
  Comma,
  Dot,
  DotDot,
  Equals,
  LeftBrace,
  LeftBracket,
  Operator,
  QuotedName,
  RightBracket,
  StringToken,
  type Token,
  Word,
} from "../tokens.ts";
import { closes, edit, spanOf } from "./cursor.ts";
import { TypeParser } from "./types.ts";

/** What a part takes, in words for a message. */
const kindInWords: Readonly<Record<Part["kind"], string>> = {
  expr: "an expression",
  exprs: "an expression",
  fields: "a record `{ … }`",
  duration: "a duration such as `5s`",
  size: "a size such as `1MiB`",
  int: "a number",
  number: "a number",
  string: 'a string such as `"text"`',
  bool: "true or false",
  rate: "a rate such as `100/s`",
  durations: "two durations such as `100ms..10s`",
  word: "a word",
  replicas: "a number, `partitions` or a range such as `0..10`",
  path: "a field such as `data.total`",
  paths: "fields such as `data.a, data.b`",
  options: "options in braces, `{ … }`",
  record: "a record `{ … }`",
  block: "a block `{ … }`",
  node: "the name of a node",
  events: "a list of events `[ … ]`",
  event: "the event's data",
};

const inWords = (part: Part): string =>
  part.kind === "word" && part.choices
    ? part.choices.map(({ name }) => `\`${name}\``).join(" or ")
    : kindInWords[part.kind];

export class ArgumentParser extends TypeParser {
  /** The clause parser comes later in the chain; `errors dead_letter { … }` needs it here. */
  protected block(_place: NonNullable<Part["block"]>): Clause[] {
    return [];
  }

  /** Fills the row's parts in their order; parts that begin with a word also in another. */
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
      const part = row.parts.find((one) => one.word !== undefined && this.wordsHere(one.word));
      if (part === undefined) return;
      const at = left.indexOf(part);
      if (at === -1) this.remark("FLOW1021", spanOf(this.next), { again: part.word!, clause: row.keyword });
      else left.splice(at, 1);
      const argument = this.argument(part, row);
      if (at !== -1) given.push(argument);
    }
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

  private wordsHere(words: string): boolean {
    const { next } = this;
    if (words === "=") return next.tokenType === Equals && this.continues(next);
    return words.split(" ").every((word, i) => {
      const token = this.tokVector[this.index + i];
      return token !== undefined && token.tokenType === Word && token.image === word && this.continues(token);
    });
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

  private partValue(part: Part, row: ClauseRow): ArgumentValue {
    if (!this.continues(this.next) || (this.next.tokenType === LeftBrace && isPlain(part))) {
      this.missing(inWords(part));
      return this.hole();
    }
    switch (part.kind) {
      case "exprs":
        return this.oneOrMore(() => this.SUBRULE(this.expression));
      case "paths":
        return this.oneOrMore(() => this.path());
      case "path":
        return this.path();
      case "word":
        return this.choice(part, row);
      case "durations":
        return this.range(inWords(part));
      case "replicas":
        return this.isWord("partitions") ? this.wordValue() : this.range(inWords(part));
      case "rate":
        return this.rate();
      case "node":
        return this.node();
      case "events":
      case "event":
        return this.operand(inWords(part));
      case "block":
        return this.blockValue(part);
      case "options":
      case "record":
      case "fields":
        if (this.next.tokenType === LeftBrace) return this.SUBRULE(this.record);
        this.missing(inWords(part));
        return this.hole();
      default:
        return this.SUBRULE1(this.expression, { ARGS: [inWords(part)] });
    }
  }

  private oneOrMore(one: () => ArgumentValue): ArgumentValue {
    const { startOffset } = this.next;
    const values = [one()];
    while (this.isHere(Comma)) {
      this.take();
      values.push(one());
    }
    return { kind: "many", span: this.from(startOffset), values };
  }

  private wordValue(): ArgumentValue {
    const token = this.take();
    return { kind: "word", span: spanOf(token), text: token.image };
  }

  /** The choice whose words stand here. */
  private choiceHere(part: Part): string | undefined {
    return part.choices?.find(({ name }) => this.wordsHere(name))?.name;
  }

  /** A slip of a choice, and no clause of the place. */
  private nearChoice(part: Part, place: Place): boolean {
    const word = this.next.image;
    const names = (part.choices ?? []).map(({ name }) => name);
    return this.next.tokenType === Word && clauseRow(place, word) === undefined && nearest(word, names) !== undefined;
  }

  private choice(part: Part, row: ClauseRow): ArgumentValue {
    const found = this.choiceHere(part);
    const first = this.next;
    if (first.tokenType !== Word) {
      this.missing(inWords(part));
      return this.hole();
    }
    if (found === undefined) {
      const names = (part.choices ?? []).map(({ name }) => name);
      const spelt = this.hyphenated(names);
      if (spelt !== undefined) return this.hyphenatedChoice(spelt, part.word ?? row.keyword, names);
      const near = nearest(first.image, names);
      const fixes = near === undefined ? [] : [edit(`Change to '${near}'`, spanOf(first), near)];
      this.remark(
        "FLOW1018",
        spanOf(first),
        { found: first.image, clause: part.word ?? row.keyword, choices: names, near },
        { fixes },
      );
      this.take();
      return near === undefined
        ? { kind: "error", span: spanOf(first) }
        : { kind: "word", span: spanOf(first), text: near };
    }
    for (let i = 0; i < found.split(" ").length; i++) this.take();
    return { kind: "word", span: this.from(first.startOffset), text: found };
  }

  /** The name that is written here with `-` for `_`. */
  private hyphenated(names: readonly string[]): string | undefined {
    const { startOffset } = this.next;
    return names.find((name) => {
      const written = this.text.slice(startOffset, startOffset + name.length);
      return name.includes("_") && written.replaceAll("-", "_") === name;
    });
  }

  private hyphenatedChoice(name: string, clause: string, choices: readonly string[]): ArgumentValue {
    const start = this.next.startOffset;
    const span = { start, end: start + name.length };
    const found = this.text.slice(span.start, span.end);
    const fixes = [edit(`Change to '${name}'`, span, name)];
    this.remark("FLOW1018", span, { found, clause, choices, near: name }, { fixes });
    while (this.next.startOffset < span.end && !this.atEnd) this.take();
    return { kind: "word", span, text: name };
  }

  /** operand (".." operand)? */
  private range(what: string): ArgumentValue {
    const from = this.operand(what);
    if (!this.isHere(DotDot)) return from;
    this.take();
    const to = this.operand("the upper end of the range");
    return { kind: "range", span: { start: from.span.start, end: to.span.end }, from, to };
  }

  /** operand ("/" unit)? */
  private rate(): ArgumentValue {
    const count = this.operand();
    if (!this.isHere(Operator) || this.next.image !== "/") return count;
    this.take();
    const { next } = this;
    if (next.tokenType !== Word || !this.continues(next)) {
      this.missing("a unit of time such as `s`");
      return { kind: "rate", span: this.from(count.span.start), count, per: this.noName() };
    }
    const per = this.nameOf(this.take());
    return { kind: "rate", span: this.from(count.span.start), count, per };
  }

  /** path = name ("." (name | string) | "[" string "]")* */
  private path(): ArgumentValue {
    if (!this.isHere(Word)) {
      this.missing("a field such as `data.total`");
      return this.hole();
    }
    const root = this.nameOf(this.take());
    const steps: Name[] = [];
    for (;;) {
      const { next } = this;
      if (next.tokenType === Dot) {
        this.take();
        steps.push(this.pathStep());
      } else if (next.tokenType === LeftBracket && !next.newline && this.afterNext.tokenType === StringToken) {
        const open = this.take();
        steps.push({ text: this.stringOf(this.next).value, span: spanOf(this.next) });
        this.take();
        this.close(open, RightBracket, "`]`");
      } else return { kind: "path", span: this.from(root.span.start), root, steps };
    }
  }

  private pathStep(): Name {
    const { next } = this;
    if (!next.newline) {
      if (next.tokenType === Word) return this.nameOf(this.take());
      if (next.tokenType === QuotedName) return { text: this.take().image.slice(1, -1), span: spanOf(next) };
      if (next.tokenType === StringToken) return { text: this.stringOf(this.take()).value, span: spanOf(next) };
    }
    this.missing("a field name", ".");
    return this.noName();
  }

  /** node = name ("." name)? */
  protected node(): ArgumentValue {
    if (!this.isHere(Word)) {
      this.missing("the name of a node");
      return this.hole();
    }
    const node = this.nameOf(this.take());
    const output = this.output();
    const span = this.from(node.span.start);
    return output === undefined ? { kind: "node", span, node } : { kind: "node", span, node, output };
  }

  /** `.errors` or `.late` */
  protected output(): Name | undefined {
    if (!this.isHere(Dot)) return undefined;
    this.take();
    if (this.isHere(Word)) return this.nameOf(this.take());
    this.missing("`errors` or `late`");
    return this.noName();
  }

  private blockValue(part: Part): ArgumentValue {
    const { startOffset } = this.next;
    const clauses = this.block(part.block ?? "errors");
    return { kind: "block", span: this.from(startOffset), clauses };
  }
}

const inBraces: ReadonlySet<string> = new Set(["options", "record", "fields", "block"]);

/** Takes one plain value, so that a `{` belongs to what comes after. */
const isPlain = (part: Part): boolean =>
  ["duration", "size", "int", "number", "string", "bool", "rate", "durations", "replicas"].includes(part.kind);

function signature(part: Part): string {
  return part.word === undefined ? inWords(part) : `\`${part.word}\` and ${inWords(part)}`;
}
