/** `flow explain [CODE]`: the page of a diagnostic, on the terminal. */
import { exampleNote, excerpt } from "../emit/docs/example-notes.ts";
import type { CodeRow } from "../source/codes/code-row.ts";
import { codes } from "../source/codes/codes.ts";
import { didYouMean, nearest } from "../source/nearest.ts";
import type { CommandRun } from "./command-row.ts";
import { exitCodes, UsageError } from "./exit.ts";
import { pageOf } from "./report/findings.ts";
import type { Colors } from "./terminal.ts";

const rows: ReadonlyMap<string, CodeRow<never>> = new Map(Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1)));

export const explainCommand: CommandRun = async ([word], _options, terminal) => {
  if (word === undefined) {
    terminal.out(list(terminal.outColors));
    return exitCodes.fine;
  }
  const code = /^\d{4}$/.test(word) ? `FLOW${word}` : word.toUpperCase();
  const row = rows.get(code);
  if (row === undefined)
    throw new UsageError(
      `There is no diagnostic '${word}'.${didYouMean(nearest(code, rows.keys()))}`,
      "'flow explain' lists all of them.",
    );
  terminal.out(page(code, row, terminal.outColors));
  return exitCodes.fine;
};

function list(colors: Colors): string {
  return [...rows].map(([code, row]) => `${colors.bold(code)}  ${row.severity.padEnd(11)}  ${row.title}\n`).join("");
}

function page(code: string, row: CodeRow<never>, colors: Colors): string {
  const { bold } = colors;
  const note = exampleNote(row);
  const parts = [
    `${bold(`${code}: ${row.title}`)} (${row.severity})`,
    row.why,
    `${bold("What to do")}\n${row.mend}`,
    `${bold("Example")}${note === "" ? "" : ` (${note})`}\n${row.example.trim() === "" ? "  (an empty file)" : indent(row.example)}`,
  ];
  for (const [path, text] of Object.entries(row.files ?? {})) parts.push(`${bold(path)}\n${indent(text)}`);
  if (row.mended !== undefined) parts.push(`${bold("Mended")}\n${indent(row.mended)}`);
  parts.push(colors.dim(pageOf(code)));
  return `${parts.join("\n\n")}\n`;
}

const indent = (text: string): string => excerpt(text).replace(/^(?=.)/gm, "  ");
