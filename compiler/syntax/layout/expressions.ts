/** Expressions and types → documents to be laid out. Parentheses as few as needed; kept as written where `keep` says so. */
import type {
  BinaryExpression,
  CallExpression,
  ConditionalExpression,
  Expression,
  ListExpression,
  RecordEntry,
  RecordExpression,
  SelectExpression,
  TypeExpression,
  TypeField,
} from "../ast.ts";
import { mapKeyTypes } from "../grammar/types.ts";
import type { Comments, Handed } from "./comments.ts";
import { choice, type Doc, fill, group, hardLine, indent, line, softLine } from "./doc.ts";
import { canBeBackquoted, isBareField, printKey, printLiteral, quoted } from "./literals.ts";

export interface Style {
  readonly comments: Pick<Comments, "before" | "hasNewline" | "braceAfter">;
  /** Keep parentheses as written and strings of several lines; else the canonical form of one line. */
  readonly keep: boolean;
  /** The tree has no text: its `doc`s are printed from the tree, and spans mean nothing. */
  readonly isGenerated: boolean;
}

const precedence: Readonly<Record<string, number>> = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  in: 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
};
const conditionalLevel = 0;
const unaryLevel = 6;
const postfixLevel = 7;
const primaryLevel = 8;

function levelOf(expression: Expression): number {
  switch (expression.kind) {
    case "conditional":
      return conditionalLevel;
    case "binary":
      return precedence[expression.operator]!;
    case "unary":
      return unaryLevel;
    case "int":
    case "double":
      // A made-up literal may be negative.
      return expression.value < 0 ? unaryLevel : primaryLevel;
    case "duration":
      return expression.nanos < 0n ? unaryLevel : primaryLevel;
    default:
      return primaryLevel;
  }
}

export class ExpressionPrinter {
  readonly style: Style;

  constructor(style: Style) {
    this.style = style;
  }

  /** `least`: an expression that binds less is put in parentheses. */
  print(expression: Expression, least = conditionalLevel): Doc {
    const bare = this.style.keep ? expression : withoutParentheses(expression);
    const doc = this.bare(bare);
    return levelOf(bare) < least ? group(["(", indent([softLine, doc]), softLine, ")"]) : doc;
  }

  private bare(expression: Expression): Doc {
    switch (expression.kind) {
      case "ident":
        return expression.name;
      case "select":
      case "call":
      case "index":
        return this.chain(expression);
      case "unary":
        return [expression.operator, this.print(expression.of, unaryLevel)];
      case "binary":
        return this.binary(expression);
      case "conditional":
        return this.conditional(expression);
      case "list":
        return this.list(expression);
      case "record":
        return this.record(expression);
      case "parentheses":
        return this.enclosed("(", "", expression.of, expression.span.end - 1, ")");
      case "error":
        return "";
      default:
        return printLiteral(expression, !this.style.keep);
    }
  }

  /** One expression in brackets, with the comments that stand there. */
  private enclosed(open: string, mark: string, of: Expression, end: number, close: string): Doc {
    const { trailing, leading } = this.before(of.span.start);
    return group([
      open,
      trailing,
      indent([lineAfter(trailing), leading, mark, this.print(of)]),
      this.closing(end, softLine),
      close,
    ]);
  }

  protected before(offset: number, keepsBlank = true): Handed {
    return this.style.comments.before(offset, keepsBlank);
  }

  /** The break before a closing bracket, with the comments that stand there. */
  protected closing(offset: number, between: Doc): Doc {
    const handed = this.before(offset);
    return handed.isEmpty ? between : [dangling(handed), hardLine];
  }

  private binary(expression: BinaryExpression): Doc {
    const level = precedence[expression.operator]!;
    const links: BinaryExpression[] = [];
    let first: Expression = expression;
    while (first.kind === "binary" && precedence[first.operator] === level) {
      links.unshift(first);
      const left: Expression = this.style.keep ? first.left : withoutParentheses(first.left);
      first = left;
    }
    const head = this.print(first, level);
    const rest = links.map((link) => {
      const { trailing, leading } = this.before(startOf(link.right), false);
      return [trailing, line, leading, link.operator, " ", this.print(link.right, level + 1)];
    });
    return group([head, indent(rest)]);
  }

  private conditional(expression: ConditionalExpression): Doc {
    const test = this.print(expression.test, conditionalLevel + 1);
    const beforeThen = this.before(startOf(expression.then), false);
    const then = this.print(
      expression.then,
      this.style.keep && !this.style.isGenerated ? conditionalLevel : conditionalLevel + 1,
    );
    const beforeElse = this.before(startOf(expression.else), false);
    const other = this.print(expression.else);
    return group([
      test,
      indent([
        beforeThen.trailing,
        line,
        beforeThen.leading,
        "? ",
        then,
        beforeElse.trailing,
        line,
        beforeElse.leading,
        ": ",
        other,
      ]),
    ]);
  }

  /** `a.b.c(d).e(f)[g]`: breaks before the methods when there are several. */
  private chain(expression: SelectExpression | CallExpression | Expression): Doc {
    const links: Expression[] = [];
    let head: Expression = expression;
    for (;;) {
      const of: Expression | undefined =
        head.kind === "select" || head.kind === "index" ? head.of : head.kind === "call" ? head.receiver : undefined;
      if (of === undefined) break;
      links.unshift(head);
      head = this.style.keep ? of : withoutParentheses(of);
    }
    const first = head.kind === "call" ? [head.name.text, this.call(head)] : this.print(head, postfixLevel);
    const calls = links.filter((link) => link.kind === "call").length;
    const parts = links.map((link) => this.link(link, calls > 1));
    return calls > 1 ? group([first, indent(parts)]) : [first, ...parts];
  }

  private link(link: Expression, mayBreak: boolean): Doc {
    if (link.kind === "call") {
      const { trailing, leading, isEmpty } = this.before(link.name.span.start);
      const call = [`.${link.name.text}`, this.call(link)];
      return isEmpty ? [mayBreak ? softLine : "", call] : [trailing, mayBreak ? softLine : hardLine, leading, call];
    }
    if (link.kind === "select") {
      const field = link.field.text;
      const dot = link.optional ? ".?" : ".";
      if (isBareField(field) || field === "") return `${dot}${field}`;
      return canBeBackquoted(field) ? `${dot}\`${field}\`` : `[${link.optional ? "?" : ""}${quoted(field)}]`;
    }
    if (link.kind === "index") return this.enclosed("[", link.optional ? "?" : "", link.index, link.span.end - 1, "]");
    return "";
  }

  private call(call: CallExpression): Doc {
    const args = call.arguments;
    const end = call.span.end - 1;
    const [only] = args;
    if (only === undefined) return this.emptyGroup("(", ")", end);
    if (args.length === 1 && (only.kind === "record" || only.kind === "list")) {
      const { trailing, leading, isEmpty } = this.before(only.span.start);
      if (isEmpty) {
        const printed = this.print(only);
        return ["(", printed, this.closing(end, ""), ")"];
      }
      return group([
        "(",
        trailing,
        indent([lineAfter(trailing), leading, this.print(only)]),
        this.closing(end, softLine),
        ")",
      ]);
    }
    const printed = args.map((argument, i) => {
      const { trailing, leading } = this.before(argument.span.start);
      return [
        trailing,
        i === 0 ? lineAfter(trailing) : line,
        leading,
        this.print(argument),
        i === args.length - 1 ? "" : ",",
      ];
    });
    return group(["(", indent(printed), this.closing(end, softLine), ")"]);
  }

  private emptyGroup(open: string, close: string, end: number): Doc {
    const handed = this.before(end);
    return handed.isEmpty ? `${open}${close}` : group([open, dangling(handed), hardLine, close]);
  }

  private list(list: ListExpression): Doc {
    const { items } = list;
    const end = list.span.end - 1;
    const [first] = items;
    if (first === undefined) return this.emptyGroup("[", "]", end);
    const breaks = !this.style.isGenerated && this.style.comments.hasNewline(list.span.start + 1);
    const needsCommas = !items.every((item) => item.value.kind === "record" && !item.optional);
    const isShort = items.every(({ value }) => isLiteralKind(value));
    const opening = this.before(first.span.start);
    const parts: Doc[] = [];
    for (const [i, item] of items.entries()) {
      const handed = i === 0 ? opening : this.before(item.span.start);
      const last = items[i - 1];
      if (last !== undefined) {
        const wasBroken = !this.style.isGenerated && this.style.comments.hasNewline(last.span.end);
        const comma = needsCommas ? "," : breaks ? "" : choice("", ",");
        parts.push([comma, handed.trailing, !isNothing(handed.leading) || (breaks && wasBroken) ? hardLine : line]);
      }
      parts.push([i === 0 ? "" : handed.leading, item.optional ? "?" : "", this.print(item.value)]);
    }
    const keepsLines = breaks && (isShort || !needsCommas);
    const contents = keepsLines || isShort ? fill(parts) : parts;
    return group(
      [
        "[",
        opening.trailing,
        indent([lineAfter(opening.trailing), opening.leading, contents]),
        this.closing(end, softLine),
        "]",
      ],
      breaks,
    );
  }

  private record(record: RecordExpression): Doc {
    const { entries } = record;
    const end = record.span.end - 1;
    if (entries.length === 0) return this.emptyGroup("{", "}", end);
    const breaks = !this.style.isGenerated && this.style.comments.hasNewline(record.span.start + 1);
    const needsCommas = entries.some(
      (entry) => entry.kind === "computed" || (entry.kind === "field" && entry.optional),
    );
    const printed = entries.map((entry, i) => {
      const handed = this.before(entry.span.start);
      const blank = i > 0 && handed.hasBlankBefore && breaks ? hardLine : "";
      return [
        handed.trailing,
        line,
        blank,
        handed.leading,
        this.docOf(entry),
        this.entry(entry),
        i === entries.length - 1 ? "" : needsCommas ? "," : choice("", ","),
      ];
    });
    return group(["{", indent(printed), this.closing(end, line), "}"], breaks);
  }

  protected docOf(node: { readonly doc?: string } | object): Doc {
    const doc = "doc" in node ? (node as { readonly doc?: string }).doc : undefined;
    if (doc === undefined || !this.style.isGenerated || !this.style.keep) return "";
    return doc.split("\n").map((text) => [`/// ${text}`.trimEnd(), hardLine]);
  }

  private entry(entry: RecordEntry): Doc {
    switch (entry.kind) {
      case "spread":
        return ["...", this.print(entry.value)];
      case "field":
        return [
          entry.optional ? "?" : "",
          printKey(entry.key.text),
          ": ",
          rateText(entry.value) ?? this.print(entry.value),
        ];
      case "computed": {
        const key = this.style.keep ? entry.key : withoutParentheses(entry.key);
        return [
          entry.optional ? "?" : "",
          isPlainKey(key) ? this.print(key, 1) : ["(", this.print(key), ")"],
          ": ",
          this.print(entry.value),
        ];
      }
    }
  }

  type(type: TypeExpression): Doc {
    switch (type.kind) {
      case "name":
        return type.name.text;
      case "literal":
        return printLiteral(type.literal, !this.style.keep);
      case "list":
        return ["[", this.type(type.element), "]"];
      case "map":
        return ["{", this.type(type.key), ": ", this.type(type.value), "}"];
      case "record":
        return this.recordType(type.fields, type.span);
      case "union": {
        const members = type.members.map((member, i) => {
          if (i === 0) return this.type(member);
          const { trailing, leading } = this.before(member.span.start);
          return indent([trailing, line, leading, "| ", this.type(member)]);
        });
        return group(members);
      }
      case "error":
        return "";
    }
  }

  private recordType(fields: readonly TypeField[], span: { readonly start: number; readonly end: number }): Doc {
    if (fields.length === 0) return this.emptyGroup("{", "}", span.end - 1);
    const breaks = !this.style.isGenerated && this.style.comments.hasNewline(span.start + 1);
    const printed = fields.map((field, i) => {
      const handed = this.before(field.span.start);
      const blank = i > 0 && handed.hasBlankBefore && breaks ? hardLine : "";
      const { text } = field.name;
      const looksLikeMap = fields.length === 1 && !field.optional && mapKeyTypes.has(text);
      const name = looksLikeMap || !isBareField(text) ? quoted(text) : text;
      return [
        handed.trailing,
        line,
        blank,
        handed.leading,
        this.docOf(field),
        name,
        field.optional ? "?" : "",
        ": ",
        this.type(field.type),
        i === fields.length - 1 ? "" : choice("", ","),
      ];
    });
    return group(["{", indent(printed), this.closing(span.end - 1, line), "}"], breaks);
  }
}

export function withoutParentheses(expression: Expression): Expression {
  let bare = expression;
  while (bare.kind === "parentheses") bare = bare.of;
  return bare;
}

/** Where the first token of the expression stands. */
const startOf = (expression: Expression): number => expression.span.start;

/** The break after an opening bracket and the comments on its line. */
const lineAfter = (trailing: Doc): Doc => (isNothing(trailing) ? softLine : line);

const isNothing = (doc: Doc): boolean => doc === "" || (Array.isArray(doc) && doc.length === 0);

/** Comments with nothing after them but a closing bracket, which the caller puts on the next line. */
export function dangling({ trailing, leading }: Handed): Doc {
  if (!Array.isArray(leading) || leading.length === 0) return trailing;
  let end = leading.length;
  while (leading[end - 1] === hardLine) end--;
  return [trailing, indent([hardLine, leading.slice(0, end)])];
}

function isLiteralKind(expression: Expression): boolean {
  return !["ident", "select", "index", "call", "binary", "conditional", "list", "record", "parentheses"].includes(
    expression.kind,
  );
}

const isPlainKey = (key: Expression): boolean =>
  ["int", "uint", "bool", "null", "double", "parentheses"].includes(key.kind);

const unitsOfRates: ReadonlySet<string> = new Set(["ms", "s", "m", "h", "d"]);

/** `100/s` as the value of an option, which is no division. Undefined for anything else, and where a comment stands in it. */
function rateText(e: Expression): string | undefined {
  if (e.kind !== "binary" || e.operator !== "/" || e.left.kind !== "int" || e.right.kind !== "ident") return undefined;
  const hasRoom = e.right.span.start - e.left.span.end > 3;
  return unitsOfRates.has(e.right.name) && !hasRoom ? `${e.left.raw}/${e.right.name}` : undefined;
}
