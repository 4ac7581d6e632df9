/** Regular expressions: `matches` and CEL's regex extension. Syntax and linear time of RE2. */
import { invalidArgument } from "../evaluation-error.ts";
import { type Pattern, patternOf } from "../regex/pattern.ts";
import { Optional } from "../values/optional.ts";
import { indexArgument, textArgument } from "./arguments.ts";

export function matches(pattern: Pattern, text: string): boolean {
  return pattern.test(text);
}

/** The first match, or its one group; `undefined` when there is none, or the group took no part. */
export function extract(pattern: Pattern, text: string): string | undefined {
  return pattern.first(text);
}

/** All matches, or their one groups. */
export function extractAll(pattern: Pattern, text: string): readonly string[] {
  return pattern.all(text);
}

/** `\1` … `\9` in the replacement are groups, `\0` is the match, `\\` a backslash. */
export function replaceAll(pattern: Pattern, text: string, replacement: string, count: number): string {
  return pattern.replace(text, templateOf(replacement, pattern.groupCount), count);
}

/** Alternately literal text and group numbers. */
function templateOf(replacement: string, groupCount: number): readonly (string | number)[] {
  return replacement.split(/(\\[\s\S]?)/u).map((piece) => {
    if (!piece.startsWith("\\")) return piece;
    if (piece === "\\\\") return "\\";
    const group = Number(piece.slice(1) || Number.NaN);
    if (!/^\\\d$/.test(piece))
      throw invalidArgument("invalid replacement string: a backslash stands before a digit or another backslash");
    if (group > groupCount)
      throw invalidArgument(
        `replacement string references group ${group} but the pattern has only ${groupCount} group(s)`,
      );
    return group;
  });
}

export const regex = {
  matches: (text: unknown, pattern: unknown) =>
    matches(patternOf(textArgument("matches", pattern)), textArgument("matches", text)),
  "regex.extract": (text: unknown, pattern: unknown) =>
    Optional.of(extract(patternOf(textArgument("regex.extract", pattern)), textArgument("regex.extract", text))),
  "regex.extractAll": (text: unknown, pattern: unknown) =>
    extractAll(patternOf(textArgument("regex.extractAll", pattern)), textArgument("regex.extractAll", text)),
  "regex.replace": (text: unknown, pattern: unknown, replacement: unknown, count?: unknown) =>
    replaceAll(
      patternOf(textArgument("regex.replace", pattern)),
      textArgument("regex.replace", text),
      textArgument("regex.replace", replacement),
      count === undefined ? -1 : indexArgument("regex.replace", count),
    ),
};
