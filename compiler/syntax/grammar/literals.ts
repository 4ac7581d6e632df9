/** Literal tokens → literals of the tree. What is wrong inside them is reported here, once. */
import type { Fix } from "../../source/diagnostic.ts";
import type { Literal, StringLiteral } from "../ast.ts";
import { type BadEscape, decodeBytes, decodeString } from "../escapes.ts";
import { bytesOf, nanosOf } from "../numbers.ts";
import {
  BytesToken,
  DoubleToken,
  DurationToken,
  IntToken,
  SizeToken,
  StringToken,
  type Token,
  UintToken,
} from "../tokens.ts";
import { Cursor, spanOf } from "./cursor.ts";

export class LiteralParser extends Cursor {
  /** The literal that the token is; undefined for all other tokens. Takes nothing. */
  protected literalOf(token: Token): Literal | undefined {
    const span = spanOf(token);
    const raw = token.image;
    switch (token.tokenType) {
      case StringToken:
        return this.stringOf(token);
      case IntToken:
        return { kind: "int", span, value: token.broken ? 0n : BigInt(raw), raw };
      case UintToken:
        return { kind: "uint", span, value: token.broken ? 0n : BigInt(raw.slice(0, -1)), raw };
      case DoubleToken:
        return { kind: "double", span, value: token.broken ? 0 : Number(raw), raw };
      case DurationToken:
        return { kind: "duration", span, nanos: token.broken ? 0n : nanosOf(raw), raw };
      case SizeToken:
        return { kind: "size", span, bytes: token.broken ? 0 : bytesOf(raw), raw };
      case BytesToken: {
        const { value, bad } = decodeBytes(raw);
        this.badEscapes(token, bad);
        return { kind: "bytes", span, value, raw };
      }
      default:
        return undefined;
    }
  }

  protected stringOf(token: Token): StringLiteral {
    const { value, bad } = decodeString(token.image);
    if (bad.length > 0) this.badEscapes(token, bad);
    return { kind: "string", span: spanOf(token), value, raw: token.image };
  }

  private badEscapes(token: Token, bad: readonly BadEscape[]): void {
    if (token.broken) return;
    const [first] = bad;
    if (first === undefined) return;
    const span = { start: token.startOffset + first.start, end: token.startOffset + first.end };
    const text = token.image.slice(first.start, first.end);
    const edits = bad.map(({ start }) => ({
      file: "",
      start: token.startOffset + start,
      end: token.startOffset + start,
      newText: "\\",
    }));
    this.remark(
      "FLOW1003",
      span,
      { text, reason: first.reason },
      { fixes: [{ title: "Double the backslash", edits }, ...rawFix(token)] },
    );
  }
}

/** Only in triple quotes, which hold code and other text that has backslashes of its own; and where none hides a quote. */
function rawFix({ image, startOffset }: Token): readonly Fix[] {
  const quote = image.slice(0, 3);
  if (!/^("""|''')$/.test(quote) || image.indexOf(quote, 3) !== image.length - 3) return [];
  return [{ title: "Make it a raw string", edits: [{ file: "", start: startOffset, end: startOffset, newText: "r" }] }];
}
