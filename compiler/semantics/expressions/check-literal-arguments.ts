/** Arguments written out are checked now rather than at every event: regular expressions, timestamps, durations, numbers. */
import { RE2JS } from "re2js";
import type { FunctionRow } from "../../catalog/rows.ts";
import type { Expression } from "../../syntax/ast.ts";
import { isTimestamp } from "../timestamp-text.ts";
import { bare, type Context, fail } from "./context.ts";

/** Which argument of which function is a regular expression. */
const patternAt: Readonly<Record<string, number>> = {
  matches: 1,
  "regex.replace": 1,
  "regex.extract": 1,
  "regex.extractAll": 1,
};

export function checkLiteralArguments(row: FunctionRow, args: readonly Expression[], context: Context): void {
  const at = patternAt[row.name] ?? 0;
  const argument = args[at] && bare(args[at]);
  if (argument?.kind !== "string") return;
  const { value } = argument;
  if (row.name in patternAt) {
    const problem = regexProblem(value);
    if (problem !== undefined) fail(context, "FLOW3014", argument.span, { problem });
    return;
  }
  const wanted = readable[row.name];
  if (wanted && !wanted.reads(value))
    fail(context, "FLOW3015", argument.span, { text: value, type: row.name, example: wanted.example });
}

/** The library's own words, without what it repeats of the pattern. */
export function regexProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.replace(/^error parsing regexp: /, "");
  }
}

const readable: Readonly<Record<string, { readonly reads: (text: string) => boolean; readonly example: string }>> = {
  timestamp: { reads: isTimestamp, example: '"2026-01-31T12:00:00Z"' },
  duration: {
    reads: (text) => /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text),
    example: '"1h30m"',
  },
  int: { reads: (text) => /^[-+]?(?:\d+|0x[0-9a-fA-F]+)$/.test(text), example: '"42"' },
  uint: { reads: (text) => /^(?:\d+|0x[0-9a-fA-F]+)$/.test(text), example: '"42"' },
  double: {
    reads: (text) => /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)$/i.test(text),
    example: '"1.5"',
  },
  bool: { reads: (text) => /^(?:1|0|t|f|T|F|true|false|TRUE|FALSE|True|False)$/.test(text), example: '"true"' },
};
