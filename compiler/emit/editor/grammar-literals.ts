/** Comments, strings and numbers, as the scanner cuts them. */
import { bytesByUnit, nanosByUnit } from "../../syntax/numbers.ts";
import { captures, include, oneOf, type Rule } from "./text-mate.ts";

const durationUnit = `(?:${oneOf(nanosByUnit.keys())})`;
const sizeUnit = `(?:${oneOf(bytesByUnit.keys())})`;
const number = (kind: string, match: string): Rule => ({ name: `constant.numeric.${kind}.flow`, match });
const notInWord = "(?<![\\w])";

export function literalRules(): Readonly<Record<string, Rule>> {
  return {
    comments: {
      patterns: [
        // Documentation stands on a line of its own; a fourth slash makes it an ordinary comment.
        { match: "^\\s*(///(?!/).*)$", captures: captures("comment.line.documentation.flow") },
        { name: "comment.line.double-slash.flow", match: "//.*$" },
        { name: "comment.block.flow", begin: "/\\*", end: "\\*/" },
        { name: "invalid.illegal.comment.flow", match: "#.*$" },
      ],
    },
    strings: {
      patterns: [
        ...['"""', "'''"].flatMap((quote) => stringsIn(quote, quote)),
        ...['"', "'"].flatMap((quote) => stringsIn(quote, `${quote}|$`)),
      ],
    },
    escapes: {
      patterns: [
        {
          name: "constant.character.escape.flow",
          match: "\\\\(?:[abfnrtv\\\\?\"'`]|[0-3][0-7]{2}|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})",
        },
        { name: "invalid.illegal.escape.flow", match: "\\\\." },
      ],
    },
    "quoted-names": { patterns: [{ name: "variable.other.quoted.flow", match: "`[^`\\r\\n]*`?" }] },
    numbers: {
      patterns: [
        number("hex", `${notInWord}0[xX][0-9a-fA-F]+[uU]?\\b`),
        number("duration", `${notInWord}\\d+(?:\\.\\d+)?${durationUnit}(?:\\d+(?:\\.\\d+)?${durationUnit})*\\b`),
        number("size", `${notInWord}\\d+(?:\\.\\d+)?${sizeUnit}\\b`),
        number("unsigned", `${notInWord}\\d+[uU]\\b`),
        number("double", `${notInWord}\\d+(?:\\.\\d+(?:[eE][-+]?\\d+)?|[eE][-+]?\\d+)(?![\\w])`),
        number("double", "(?<![\\w)\\]}.])\\.\\d+(?:[eE][-+]?\\d+)?"),
        number("integer", `${notInWord}\\d+(?![\\w])`),
        { name: "invalid.illegal.number.flow", match: `${notInWord}\\d+(?:\\.\\d+)?[\\wµ]+` },
      ],
    },
  };
}

/** Raw ones have no escapes; `b` makes bytes. */
function stringsIn(quote: string, end: string): readonly Rule[] {
  const kind = quote.length === 3 ? "triple" : quote === '"' ? "double" : "single";
  const rule = (scope: string, prefix: string, patterns: readonly Rule[]): Rule => ({
    name: `string.quoted.${kind}.${scope}flow`,
    begin: `${prefix === "" ? "()" : `(?<![\\w])(${prefix})`}${quote}`,
    beginCaptures: { 0: { name: "punctuation.definition.string.begin.flow" }, ...captures("storage.type.string.flow") },
    end,
    endCaptures: { 0: { name: "punctuation.definition.string.end.flow" } },
    ...(patterns.length > 0 ? { patterns } : {}),
  });
  return [
    rule("raw.bytes.", "[bB][rR]", []),
    rule("raw.", "[rR]", []),
    rule("bytes.", "[bB]", include("escapes")),
    rule("", "", include("escapes")),
  ];
}
