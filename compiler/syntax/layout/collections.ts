/** Lists and records → documents. Those written in several lines stay so. */
import type { Expression, ListExpression, RecordEntry, RecordExpression } from "../ast.ts";
import { isNothing, lineAfter, withoutParentheses } from "./brackets.ts";
import { choice, type Doc, fill, group, hardLine, indent, line, softLine } from "./doc.ts";
import { printKey } from "./literals.ts";
import { TypePrinter } from "./types.ts";

export abstract class CollectionPrinter extends TypePrinter {
  protected list(list: ListExpression): Doc {
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

  protected record(record: RecordExpression): Doc {
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
}

function isLiteralKind(expression: Expression): boolean {
  return !["ident", "select", "index", "call", "binary", "conditional", "list", "record", "parentheses"].includes(
    expression.kind,
  );
}

export const isPlainKey = (key: Expression): boolean =>
  ["int", "uint", "bool", "null", "double", "parentheses"].includes(key.kind);

const unitsOfRates: ReadonlySet<string> = new Set(["ms", "s", "m", "h", "d"]);

/** `100/s` as the value of an option, which is no division. Undefined for anything else, and where a comment stands in it. */
export function rateText(e: Expression): string | undefined {
  if (e.kind !== "binary" || e.operator !== "/" || e.left.kind !== "int" || e.right.kind !== "ident") return undefined;
  const hasRoom = e.right.span.start - e.left.span.end > 3;
  return unitsOfRates.has(e.right.name) && !hasRoom ? `${e.left.raw}/${e.right.name}` : undefined;
}
