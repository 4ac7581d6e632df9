/** The value of a part of a clause: each kind of part has one way to be read. */
import type { ClauseRow, Part } from "../../catalog/rows.ts";
import { nearest } from "../../source/nearest.ts";
import type { ArgumentValue, Clause, Name } from "../ast.ts";
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
  Word,
} from "../tokens.ts";
import { edit, spanOf } from "./cursor.ts";
import { inWords } from "./part-words.ts";
import { TypeParser } from "./types.ts";

export abstract class PartValueParser extends TypeParser {
  /** The clause parser comes later in the chain; `errors dead_letter { … }` needs it here. */
  protected abstract block(place: NonNullable<Part["block"]>): Clause[];

  protected partValue(part: Part, row: ClauseRow): ArgumentValue {
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
  protected choiceHere(part: Part): string | undefined {
    return part.choices?.find(({ name }) => this.wordsHere(name))?.name;
  }

  /** All these words stand here, in their order. */
  protected wordsHere(words: string): boolean {
    const { next } = this;
    if (words === "=") return next.tokenType === Equals && this.continues(next);
    return words.split(" ").every((word, i) => {
      const token = this.tokVector[this.index + i];
      return token !== undefined && token.tokenType === Word && token.image === word && this.continues(token);
    });
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

/** Takes one plain value, so that a `{` belongs to what comes after. */
const isPlain = (part: Part): boolean =>
  ["duration", "size", "int", "number", "string", "bool", "rate", "durations", "replicas"].includes(part.kind);
