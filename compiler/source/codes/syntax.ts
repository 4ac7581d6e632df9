/** Diagnostics FLOW1xxx: what cannot be read. */
import { didYouMean } from "../nearest.ts";
import { row } from "./code-row.ts";

/** A pipeline that is fine, for the examples to be part of. */
const around = (step: string): string => `source orders { stdin {} }
step out from orders {
${step}
}
sink printed from out { stdout {} }
`;

const word = (text: string): string => (text === "" ? "the end of the file" : `\`${text}\``);

export const syntaxCodes = {
  FLOW1001: row<{ text: string; instead?: string | undefined }>({
    severity: "error",
    title: "Character without a meaning",
    message: ({ text, instead }) =>
      `\`${text}\` means nothing here.${instead === undefined ? " Take it out, or put it in quotes if it is text." : ` Write ${instead}.`}`,
    why: "Names are ASCII letters, digits and `_`; other characters may stand in strings and comments only. Text pasted from a document often brings curly quotes along.",
    mend: "Take the characters out, or put them in quotes.",
    example: around("  filter data.paid § true"),
    mended: around("  filter data.paid == true"),
  }),
  FLOW1002: row<Record<never, never>>({
    severity: "error",
    title: "String without an end",
    message: () => "This string has no closing quote on its line. Text of several lines stands in triple quotes.",
    why: "A string ends on the line on which it begins, so that one forgotten quote cannot swallow the rest of the file.",
    mend: 'Close the string, or write `"""…"""` for text of several lines.',
    example: around('  filter data.status == "paid'),
    mended: around('  filter data.status == "paid"'),
  }),
  FLOW1003: row<{ text: string; reason: string }>({
    severity: "error",
    title: "Wrong escape",
    message: ({ text, reason }) => `\`${text}\` ${reason}. A backslash itself is written \`\\\\\`.`,
    why: 'A backslash starts an escape: `\\n`, `\\t`, `\\"`, `\\\\`, `\\x41`, `\\u00e9`, `\\U0001F600`, `\\101`. A regular expression reads best as a raw string, `r"\\d+"`.',
    mend: "Double the backslash, or put `r` before the string, where a backslash is only a backslash.",
    example: around('  filter data.code.matches("\\d+")'),
    mended: around('  filter data.code.matches(r"\\d+")'),
  }),
  FLOW1004: row<Record<never, never>>({
    severity: "error",
    title: "Comment without an end",
    message: () => "This comment is never closed: `*/` is missing.",
    why: "Everything after `/*` is a comment up to `*/`. Comments do not nest.",
    mend: "Add `*/` where the comment ends, or use `//` for a comment of one line.",
    example: `${around("  filter data.paid")}/* to do`,
    mended: `${around("  filter data.paid")}/* to do */`,
  }),
  FLOW1005: row<{ text: string; reason: string }>({
    severity: "error",
    title: "Number that cannot be",
    message: ({ text, reason }) => `\`${text}\` ${reason}.`,
    why: "An `int` has 64 bits: from -9223372036854775808 to 9223372036854775807. A `uint` goes from 0u to 18446744073709551615u. Hexadecimal numbers need digits after `0x`.",
    mend: "Write a smaller number, or a `double` by adding `.0`.",
    example: around("  filter data.id < 99999999999999999999"),
    mended: around("  filter data.id < 9223372036854775807"),
  }),
  FLOW1006: row<{ text: string; unit: string; near: string | undefined }>({
    severity: "error",
    title: "Unknown unit",
    message: ({ text, unit, near }) =>
      `\`${unit}\` in \`${text}\` is no unit.${near === undefined ? " Durations take d, h, m, s, ms, us, ns; sizes take B, KB, MB, GB, TB, KiB, MiB, GiB, TiB." : didYouMean(near)}`,
    why: "A number directly followed by letters is a duration (`1h30m`, `250ms`) or a size (`64KiB`). Units are case-sensitive, since `m` is minutes and `M` would be something else.",
    mend: "Use one of the units, or put a space or an operator between the number and the word.",
    example: `source orders { stdin {} time timestamp(data.at) watermark 5sec }
sink printed from orders { stdout {} }
`,
    mended: `source orders { stdin {} time timestamp(data.at) watermark 5s }
sink printed from orders { stdout {} }
`,
  }),
  FLOW1007: row<{ open: string; close: string }>({
    severity: "error",
    title: "Bracket without a partner",
    message: ({ open, close }) => `This \`${open}\` is never closed: \`${close}\` is missing.`,
    why: "Braces end a declaration and a record, so a missing one would make all that follows part of it.",
    mend: "Add the closing bracket. The related place shows where it seems to be missing.",
    example: `source orders { stdin {} }
step out from orders {
  filter size(data.items > 0
}
sink printed from out { stdout {} }
`,
    mended: around("  filter size(data.items) > 0"),
  }),
  FLOW1008: row<{ close: string }>({
    severity: "error",
    title: "Closing bracket without an opening one",
    message: ({ close }) => `This \`${close}\` closes nothing. Take it out, or open it further up.`,
    why: "Every closing bracket belongs to an opening one before it.",
    mend: "Take it out, or add the opening one.",
    example: around("  filter data.total) > 0"),
    mended: around("  filter data.total > 0"),
  }),
  FLOW1009: row<{ what: string; after: string }>({
    severity: "error",
    title: "Something is missing",
    message: ({ what, after }) => `After ${word(after)} ${what} is missing; it must begin on the same line.`,
    why: "What belongs to a word starts on the word's own line. Thereby a half-written line never takes the next line for its value.",
    mend: "Write what is missing on the same line. Inside ( ) and [ ] lines may be broken anywhere, and a line may begin with an operator.",
    example: around("  filter data.total >"),
    mended: around("  filter data.total > 0"),
  }),
  FLOW1010: row<{ what: string; found: string }>({
    severity: "error",
    title: "Something else was expected",
    message: ({ what, found }) => `Here ${what} should stand, not ${word(found)}.`,
    why: "The text up to here can only go on in a certain way.",
    mend: "Write what the message names, or take out what does not belong.",
    example: around("  filter data.total > * 2"),
    mended: around("  filter data.total > 2"),
  }),
  FLOW1011: row<{ found: string; clause: string }>({
    severity: "error",
    title: "Too much in a clause",
    message: ({ found, clause }) => `${word(found)} does not belong to \`${clause}\`, which is complete before it.`,
    why: "A clause takes what its description names and nothing more; `flow explain` and the editor show it.",
    mend: "Take it out, or join it to the rest with an operator.",
    example: around("  filter data.paid 5"),
    mended: around("  filter data.paid"),
  }),
  FLOW1012: row<{ found: string }>({
    severity: "error",
    title: "Missing comma",
    message: ({ found }) => `A comma is missing before ${word(found)}.`,
    why: "Items on one line are divided by commas; on lines of their own they need none.",
    mend: "Add a comma, or begin a new line.",
    example: around("  map { id: data.id total: data.total }"),
    mended: around("  map { id: data.id, total: data.total }"),
  }),
  FLOW1013: row<{ wrong: string; right: string }>({
    severity: "error",
    title: "Operator spelt as elsewhere",
    message: ({ wrong, right }) => `\`${wrong}\` is no operator here: write \`${right}\`.`,
    why: "Expressions are CEL: `==` compares, `&&`, `||` and `!` combine. A single `=` only sets.",
    mend: "Use the operator that the message names.",
    example: around('  filter data.status = "paid"'),
    mended: around('  filter data.status == "paid"'),
  }),
  FLOW1014: row<Record<never, never>>({
    severity: "error",
    title: "Semicolon",
    message: () => "There are no semicolons in .flow: a clause ends where the next begins.",
    why: "Newlines end nothing and braces end everything, so there is nothing for a semicolon to end.",
    mend: "Take it out.",
    example: around("  filter data.paid;"),
    mended: around("  filter data.paid"),
  }),
  FLOW1015: row<{ found: string; near: string | undefined }>({
    severity: "error",
    title: "No declaration",
    message: ({ found, near }) =>
      `${word(found)} begins no declaration.${near === undefined ? " A file holds pipeline, import, param, type, fn, table, source, step, window, chunk, sink and test." : didYouMean(near)}`,
    why: "At the outermost level of a file only declarations may stand, each of which begins with its keyword.",
    mend: "Correct the keyword, or move the line into the braces of a declaration.",
    example: `sorce orders { stdin {} }
sink printed from orders { stdout {} }
`,
    mended: `source orders { stdin {} }
sink printed from orders { stdout {} }
`,
  }),
  FLOW1016: row<{ found: string; place: string; near: string | undefined; elsewhere: string | undefined }>({
    severity: "error",
    title: "Unknown clause",
    message: ({ found, place, near, elsewhere }) =>
      near !== undefined
        ? `${word(found)} is no clause of a ${place}.${didYouMean(near)}`
        : elsewhere !== undefined
          ? `${word(found)} belongs in a ${elsewhere}, not in a ${place}.`
          : `${word(found)} is no clause of a ${place}.`,
    why: "Each kind of declaration has its clauses; a misspelt one would otherwise do nothing without a word.",
    mend: "Correct the word, or move the clause to a declaration that has it.",
    example: around("  filtr data.paid"),
    mended: around("  filter data.paid"),
  }),
  FLOW1017: row<{ clause: string; needs: string }>({
    severity: "error",
    title: "Incomplete clause",
    message: ({ clause, needs }) => `\`${clause}\` needs ${needs}.`,
    why: "This part has no default: there is no value that would be right for everyone.",
    mend: "Write the part on the clause's own line.",
    example: `source orders { stdin {} time timestamp(data.at) watermark 5s }
window hourly from orders {
  sliding 1h
  emit { n: count() }
}
sink printed from hourly { stdout {} }
`,
    mended: `source orders { stdin {} time timestamp(data.at) watermark 5s }
window hourly from orders {
  sliding 1h every 10m
  emit { n: count() }
}
sink printed from hourly { stdout {} }
`,
  }),
  FLOW1018: row<{ found: string; clause: string; choices: readonly string[]; near: string | undefined }>({
    severity: "error",
    title: "Not one of the choices",
    message: ({ found, clause, choices, near }) =>
      `${word(found)} is nothing that \`${clause}\` takes.${didYouMean(near)}${near === undefined ? ` It takes ${listOf(choices)}.` : ""}`,
    why: "The clause takes one of a few words.",
    mend: "Use one of the words that the message names.",
    example: `pipeline p { delivery exactly_onse }
source orders { file { path: "in.ndjson" } }
sink printed from orders { file { path: "out.ndjson" } }
`,
    mended: `pipeline p { delivery exactly_once }
source orders { file { path: "in.ndjson" } }
sink printed from orders { file { path: "out.ndjson" } }
`,
  }),
  FLOW1019: row<{ name: string }>({
    severity: "error",
    title: "Reserved word",
    message: ({ name }) =>
      `\`${name}\` is a reserved word of CEL and names no value. As a field it is fine: \`data.${name}\`.`,
    why: "CEL keeps some words for itself; an expression that used them as names would be no CEL.",
    mend: "Name the value otherwise, or select it as a field.",
    example: around("  filter package != null"),
    mended: around("  filter data.package != null"),
  }),
  FLOW1020: row<Record<never, never>>({
    severity: "error",
    title: "`?.` instead of `.?`",
    message: () => "An optional field is written `.?field`, with the dot first.",
    why: 'CEL puts the question mark after the dot, as in `data.?note.orValue("")`. Before the dot it would be read as `a ? b : c`.',
    mend: "Swap the two characters.",
    example: around('  filter data?.note.orValue("") != ""'),
    mended: around('  filter data.?note.orValue("") != ""'),
  }),
  FLOW1021: row<{ again: string; clause: string }>({
    severity: "error",
    title: "Part given twice",
    message: ({ again, clause }) => `\`${again}\` stands twice in this \`${clause}\`. Keep one.`,
    why: "Only one of them could hold, and a reader could not tell which.",
    mend: "Take one of them out.",
    example: `source orders { stdin {} time timestamp(data.at) watermark 5s idle 30s idle 1m }
sink printed from orders { stdout {} }
`,
    mended: `source orders { stdin {} time timestamp(data.at) watermark 5s idle 30s }
sink printed from orders { stdout {} }
`,
  }),
  FLOW1022: row<{ what: string; most: number }>({
    severity: "error",
    title: "Nested too deep",
    message: ({ what, most }) => `This ${what} is more than ${most} levels deep.`,
    why: "The limit keeps every file readable by every tool, and a crafted one from exhausting the stack.",
    mend: "Give parts of it names of their own, with `fn` or `type`, or use a list: `x in [a, b, c]` instead of a chain of `||`.",
    example: around(`  filter ${"(".repeat(201)}data.paid${")".repeat(201)}`),
    mended: around("  filter data.paid"),
  }),
  FLOW1023: row<{ most: number }>({
    severity: "error",
    title: "File too large",
    message: ({ most }) => `The file has more than ${most} characters and was not read.`,
    why: "A pipeline of this size is generated or is data; reading it would make every editor wait.",
    mend: "Divide it and use `import`; read data with a table.",
    example: `// ${"x".repeat(1024 * 1024)}`,
    mended: `// Smaller.\nsource orders { stdin {} }\nsink out from orders { stdout {} }\n`,
  }),
  FLOW1024: row<{ most: number }>({
    severity: "error",
    title: "Too many mistakes",
    message: ({ most }) => `More than ${most} mistakes; the rest is not shown.`,
    why: "Where so much is wrong, the file is most likely something else than .flow.",
    mend: "Mend the first ones and check again.",
    example: "§ ".repeat(101),
    mended: `source orders { stdin {} }\nsink out from orders { stdout {} }\n`,
  }),
};

function listOf(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
