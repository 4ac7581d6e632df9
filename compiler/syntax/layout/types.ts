/** Types → documents. */
import type { TypeExpression, TypeField } from "../ast.ts";
import { mapKeyTypes } from "../grammar/types.ts";
import { BracketPrinter } from "./brackets.ts";
import { choice, type Doc, group, hardLine, indent, line } from "./doc.ts";
import { isBareField, printLiteral, quoted } from "./literals.ts";

export abstract class TypePrinter extends BracketPrinter {
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
