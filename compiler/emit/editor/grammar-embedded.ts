/** Code of another language in triple quotes, coloured by that language's own grammar: `code javascript """…"""`. */
import type { ClauseRow } from "../../catalog/rows.ts";
import { captures, include, type Rule } from "./text-mate.ts";

/** The grammar of each language, as editors know it. */
const grammarOf: Readonly<Record<string, string>> = { javascript: "source.js" };

/** The content has this scope, by which the editor knows its language: for brackets, comments and completion in it. */
export const embeddedCodeScope = (language: string): string => `meta.embedded.block.${language}`;

export const embeddedLanguages: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(grammarOf).map((language) => [embeddedCodeScope(language), language]),
);

/** A rule for each language that the clause takes and each kind of quotes; none for other clauses. */
export function embeddedRules({ keyword, parts }: ClauseRow): readonly Rule[] {
  if (!parts.some((part) => part.isMultiline)) return [];
  const languages = parts.flatMap(({ choices }) => choices ?? []).map(({ name }) => name);
  return languages.flatMap((language) =>
    ['"""', "'''"].flatMap((quote) => [
      embeddedRule(keyword, language, quote, "[rR]", []),
      embeddedRule(keyword, language, quote, "", include("escapes")),
    ]),
  );
}

/**
 * Inside, the other grammar works line by line, up to the line with the closing quotes: `while` ends it there whatever it
 * has left open, so that a brace that lacks in the code colours nothing behind it.
 */
function embeddedRule(
  keyword: string,
  language: string,
  quote: string,
  prefix: string,
  escapes: readonly Rule[],
): Rule {
  const hasNoEnd = `(?!.*${quote})`;
  const string = "string.quoted.triple.embedded.flow";
  return {
    begin: `(?<![.\\w])(${keyword})\\s+(${language})\\s+((${prefix})(${quote}))`,
    beginCaptures: captures(
      "keyword.control.clause.flow",
      "constant.language.flow",
      string,
      "storage.type.string.flow",
      "punctuation.definition.string.begin.flow",
    ),
    end: `(${quote})`,
    endCaptures: { 0: { name: string }, ...captures("punctuation.definition.string.end.flow") },
    patterns: [
      {
        begin: `(?:^|\\G)${hasNoEnd}`,
        while: `(?:^|\\G)${hasNoEnd}`,
        contentName: embeddedCodeScope(language),
        patterns: [{ include: grammarOf[language] ?? "source.flow" }],
      },
      ...escapes,
    ],
  };
}
