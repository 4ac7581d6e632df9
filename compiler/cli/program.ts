/** The command line: rows to commander, errors to exit codes. Knows no command's work. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { didYouMean, nearest } from "../source/nearest.ts";
import { reasonOf } from "./atomic-write.ts";
import type { CommandOption, CommandRow } from "./command-row.ts";
import { commands } from "./commands.ts";
import { CommandFailure, exitCodes, UsageError } from "./exit.ts";
import { loaders } from "./loaders.ts";
import { type ColorChoice, errNow, processTerminal, type Terminal } from "./terminal.ts";
import { homepage, version } from "./version.ts";

/** Runs one command line and gives the exit code. Prints everything there is to say. */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const terminal = processTerminal(colorChoice(words));
  endWhenNobodyReads(terminal);
  reportStrayErrors(terminal);
  let exitCode: number = exitCodes.fine;
  const program = buildProgram(terminal, (code) => {
    exitCode = code;
  });
  try {
    if (words.length === 0) {
      terminal.err(program.helpInformation());
      return exitCodes.usage;
    }
    await program.parseAsync([...words], { from: "user" });
    return exitCode;
  } catch (error) {
    return explainFailure(error, words, terminal);
  }
}

/** Every command as commander sees it. `ended` is called with the exit code of the one that was run. */
export function buildProgram(terminal: Terminal, ended: (code: number) => void): Command {
  const program = new Command("flow");
  program
    .description("A small typed language for streams of events: check, run and compile .flow files.")
    .version(version, "-V, --version", "Print the version.")
    .helpOption("-h, --help", "Print this help.")
    .helpCommand("help [command]", "Print the help of a command.")
    .addOption(
      new Option("--color <when>", "Use colour: by default on a terminal only; NO_COLOR and FORCE_COLOR are respected.")
        .choices(["auto", "always", "never"])
        .default("auto"),
    )
    .addHelpText("after", () => firstSteps(terminal));
  dress(program, terminal);
  for (const row of commands) program.addCommand(buildCommand(row, terminal, ended));
  return program;
}

function buildCommand(row: CommandRow, terminal: Terminal, ended: (code: number) => void): Command {
  const command = new Command(row.name)
    .summary(row.summary)
    .description(row.doc)
    .helpOption("-h, --help", "Print this help.");
  if (row.arguments !== "") command.arguments(row.arguments);
  command.allowExcessArguments(false);
  for (const option of row.options) command.addOption(buildOption(option));
  command.addHelpText("after", () => helpTail(row, terminal));
  dress(command, terminal);
  command.action(async (...values: unknown[]) => {
    const positional = values
      .slice(0, -2)
      .flat()
      .filter((value) => typeof value === "string");
    const work = await loaders[row.name]();
    ended(await work(positional, command.opts(), terminal));
  });
  return command;
}

function buildOption(row: CommandOption): Option {
  const option = new Option(row.flags, row.doc);
  const { choices } = row;
  if (choices !== undefined) {
    option.choices([...choices]);
    option.argParser((value: string) => oneOf(value, choices));
  } else if (row.whole === true) option.argParser(wholeNumber);
  else if (row.many === true)
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  if (row.default !== undefined) option.default(row.default);
  return option;
}

function oneOf(value: string, choices: readonly string[]): string {
  if (choices.includes(value)) return value;
  throw new InvalidArgumentError(`It is one of ${choices.join(", ")}.${didYouMean(nearest(value, choices))}`);
}

function wholeNumber(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It is a whole number, 0 or more.");
}

function dress(command: Command, terminal: Terminal): void {
  const { bold, cyan } = terminal.outColors;
  command.exitOverride();
  command.showSuggestionAfterError(false);
  command.configureOutput({
    writeOut: terminal.out,
    writeErr: terminal.err,
    getOutHasColors: () => terminal.outColors.isColorSupported,
    getErrHasColors: () => terminal.errColors.isColorSupported,
    outputError: (text, write) => write(text.replace(/^error: /, `${terminal.errColors.red("error:")} `)),
  });
  command.configureHelp({ styleTitle: bold, styleCommandText: cyan, styleSubcommandText: cyan, styleOptionText: cyan });
}

function helpTail(row: CommandRow, terminal: Terminal): string {
  const { bold, dim } = terminal.outColors;
  const examples = row.examples.map(({ command, doc }) => `  ${dim(`# ${doc}`)}\n  ${command}`);
  return ["", bold("Examples:"), ...examples, "", bold("Exit codes:"), ...row.exits.map((line) => `  ${line}`)].join(
    "\n",
  );
}

function firstSteps(terminal: Terminal): string {
  const { bold } = terminal.outColors;
  return `\n${bold("Examples:")}\n  flow init shop\n  flow run word_count.flow --from lines=file:book.txt --to totals=stdout\n\nExit codes: 0 fine, 1 diagnostics or a failed run, 2 a wrong command line.`;
}

function explainFailure(error: unknown, words: readonly string[], terminal: Terminal): number {
  const { red, dim } = terminal.errColors;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.fine;
    terminal.err(`${dim(hintFor(error, words))}\n`);
    return exitCodes.usage;
  }
  if (error instanceof UsageError) {
    terminal.err(`${red("error:")} ${error.message}\n`);
    if (error.hint !== undefined) terminal.err(`${dim(error.hint)}\n`);
    return exitCodes.usage;
  }
  if (error instanceof CommandFailure) {
    terminal.err(`${red("error:")} ${error.message}\n`);
    return exitCodes.diagnostics;
  }
  terminal.err(bugReport(error, terminal));
  return exitCodes.diagnostics;
}

/** What to type instead, or where to look. */
function hintFor(error: CommanderError, words: readonly string[]): string {
  const first = words.find((word) => !word.startsWith("-"));
  const known = commands.find((row) => row.name === first);
  const wrong = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  if (error.code === "commander.unknownOption") {
    const flags = [
      ...(known?.options ?? []).flatMap(({ flags }) => flags.match(/--?[a-z][\w-]*/g) ?? []),
      "--help",
      "--color",
      "--version",
    ];
    return `${didYouMean(nearest(wrong.split("=")[0] ?? "", flags))} See 'flow ${known === undefined ? "" : `${known.name} `}--help'.`.trimStart();
  }
  if (known !== undefined) return `See 'flow ${known.name} --help'.`;
  if (first?.endsWith(".flow")) return `A command comes first: 'flow check ${first}' or 'flow run ${first}'.`;
  const names = commands.map(({ name }) => name);
  const near = error.code === "commander.unknownCommand" ? didYouMean(nearest(wrong, names)) : "";
  return `${near} See 'flow --help'.`.trimStart();
}

/** A crash of ours: says so, says where to, and keeps the stack for those who ask. */
function bugReport(error: unknown, terminal: Terminal): string {
  const { red } = terminal.errColors;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  const debug = (terminal.env.FLOW_DEBUG ?? "") !== "";
  return [
    `${red("error:")} ${message}`,
    "This is a bug in flow, not in your file. Please report it with the command and the file:",
    `  ${homepage}/issues`,
    debug
      ? `flow ${version}, Node ${process.versions.node}, ${process.platform}\n${stack}`
      : "FLOW_DEBUG=1 prints the stack to put into the report.",
    "",
  ].join("\n");
}

/** An error that no promise of a command carries is ours as well. */
function reportStrayErrors(terminal: Terminal): void {
  const onError = (error: unknown) => {
    errNow(bugReport(error, terminal));
    process.exit(exitCodes.diagnostics);
  };
  process.on("uncaughtException", onError).on("unhandledRejection", onError);
}

/** Colour is needed before commander has read anything, for its own errors. */
function colorChoice(words: readonly string[]): ColorChoice {
  const at = words.findIndex((word) => word === "--color" || word.startsWith("--color="));
  const value = at < 0 ? undefined : (words[at]!.split("=")[1] ?? words[at + 1]);
  return value === "always" || value === "never" ? value : "auto";
}

/** `flow check | head` is not an error; a full disk behind `>` is, but none of ours. */
function endWhenNobodyReads(terminal: Terminal): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(exitCodes.fine);
      if (stream === process.stdout)
        errNow(`${terminal.errColors.red("error:")} Standard output cannot be written: ${reasonOf(error)}\n`);
      process.exit(exitCodes.diagnostics);
    });
}
