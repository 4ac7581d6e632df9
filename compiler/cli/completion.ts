/** `flow completion bash|zsh|fish`: scripts made from the rows of the commands. */
import { didYouMean, nearest } from "../source/nearest.ts";
import type { CommandOption, CommandRow, CommandRun } from "./command-row.ts";
import { commands } from "./commands.ts";
import { exitCodes, UsageError } from "./exit.ts";

const shells: Readonly<Record<string, () => string>> = { bash, zsh, fish };

export const completionCommand: CommandRun = async ([shell = ""], _options, terminal) => {
  const script = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
  if (script === undefined)
    throw new UsageError(
      `There is no completion for '${shell}'.${didYouMean(nearest(shell, Object.keys(shells)))}`,
      "It is one of bash, zsh, fish.",
    );
  terminal.out(script());
  return exitCodes.fine;
};

/** `-o, --output <path>` → `["-o", "--output"]`. */
const names = (option: CommandOption): string[] =>
  option.flags
    .replace(/[<[].*/, "")
    .split(/[ ,]+/)
    .filter((name) => name !== "");
const takesValue = (option: CommandOption): boolean => /[<[]/.test(option.flags);
const allNames = (row: CommandRow): string => [...row.options.flatMap(names), "--color", "--help"].join(" ");

function bash(): string {
  return `# flow completion for bash: source <(flow completion bash)
_flow_files() {
  local IFS=$'\\n'
  COMPREPLY+=( $(compgen -d -- "$cur") )
  local pattern
  for pattern in "$@"; do COMPREPLY+=( $(compgen -f -X "!$pattern" -- "$cur") ); done
  compopt -o filenames 2>/dev/null
}
_flow() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="" word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) command="$word"; break ;; esac
  done
  case "$prev" in --color) COMPREPLY=( $(compgen -W "auto always never" -- "$cur") ); return ;; esac
  if [[ -z "$command" ]]; then
    COMPREPLY=( $(compgen -W "${commands.map((row) => row.name).join(" ")} help --help --version --color" -- "$cur") )
    return
  fi
  case "$command" in
${commands.map(bashCommand).join("\n")}
    help) COMPREPLY=( $(compgen -W "${commands.map((row) => row.name).join(" ")}" -- "$cur") ) ;;
  esac
}
complete -F _flow flow
`;
}

function bashCommand(row: CommandRow): string {
  const values = row.options
    .filter(takesValue)
    .map((option) => `        ${names(option).join("|")}) ${bashValue(option)}; return ;;`);
  return `    ${row.name})
      case "$prev" in
${values.join("\n")}
      esac
      if [[ "$cur" == -* ]]; then COMPREPLY=( $(compgen -W "${allNames(row)}" -- "$cur") ); return; fi
      ${bashArguments(row)} ;;`;
}

function bashValue(option: CommandOption): string {
  if (option.choices !== undefined) return `COMPREPLY=( $(compgen -W "${option.choices.join(" ")}" -- "$cur") )`;
  return option.completes === "nothing" ? ":" : '_flow_files "*"';
}

function bashArguments(row: CommandRow): string {
  switch (row.completes) {
    case "flow":
      return '_flow_files "*.flow"';
    case "yaml":
      return '_flow_files "*.yaml" "*.yml" "*.json"';
    case "json":
      return '_flow_files "*.json"';
    case "folders":
      return "_flow_files";
    case "codes":
      return `COMPREPLY=( $(compgen -W "$(flow explain --color never 2>/dev/null | cut -d' ' -f1)" -- "$cur") )`;
    case "nothing":
      return ":";
    case "shells":
      return 'COMPREPLY=( $(compgen -W "bash zsh fish" -- "$cur") )';
  }
}

function zsh(): string {
  const quoted = (text: string) =>
    text.replaceAll("'", "'\\''").replaceAll("[", "\\[").replaceAll("]", "\\]").replaceAll(":", "\\:");
  const optionLine = (option: CommandOption) => {
    const [all, doc] = [names(option), quoted(option.doc)];
    const value = takesValue(option) ? `:value:${zshValue(option)}` : "";
    const head =
      all.length > 1 ? `'(${all.join(" ")})'{${all.join(",")}}'` : `'${option.many === true ? "*" : ""}${all[0]}`;
    return `        ${head}[${doc}]${value}'`;
  };
  const commandCase = (row: CommandRow) => `      ${row.name})
        _arguments \\
${[...row.options.map(optionLine), `        '--color[Use colour]:when:(auto always never)'`, `        '--help[Print this help]'`, `        '*:argument:${zshArguments(row)}'`].join(" \\\n")} ;;`;
  return `#compdef flow
# flow completion for zsh: put it into a folder of your fpath as _flow, or: source <(flow completion zsh)
_flow() {
  local -a commands
  commands=(
${commands.map((row) => `    '${row.name}:${quoted(row.summary)}'`).join("\n")}
  )
  local curcontext="$curcontext" state line
  _arguments -C '--help[Print help]' '--version[Print the version]' '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
${commands.map(commandCase).join("\n")}
      esac ;;
  esac
}
if [[ "$funcstack[1]" == _flow ]]; then _flow "$@"; else compdef _flow flow; fi
`;
}

function zshValue(option: CommandOption): string {
  if (option.choices !== undefined) return `(${option.choices.join(" ")})`;
  return option.completes === "nothing" ? "" : "_files";
}

function zshArguments(row: CommandRow): string {
  switch (row.completes) {
    case "flow":
      return '_files -g "*.flow"';
    case "yaml":
      return '_files -g "*.(yaml|yml|json)"';
    case "json":
      return '_files -g "*.json"';
    case "folders":
      return "_files -/";
    case "codes":
      return '($(flow explain --color never 2>/dev/null | cut -d" " -f1))';
    case "nothing":
      return "";
    case "shells":
      return "(bash zsh fish)";
  }
}

function fish(): string {
  const quoted = (text: string) => text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  const lines = ["# flow completion for fish", "complete -c flow -f"];
  for (const row of commands) {
    const inside = `-n '__fish_seen_subcommand_from ${row.name}'`;
    lines.push(`complete -c flow -n __fish_use_subcommand -a ${row.name} -d '${quoted(row.summary)}'`);
    lines.push(`complete -c flow ${inside} ${fishArguments(row)}`);
    for (const option of row.options) {
      const flags = names(option).map((name) =>
        name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
      );
      lines.push(`complete -c flow ${inside} ${flags.join(" ")}${fishValue(option)} -d '${quoted(option.doc)}'`);
    }
  }
  lines.push(
    "complete -c flow -l color -x -a 'auto always never' -d 'Use colour'",
    "complete -c flow -s h -l help -d 'Print help'",
  );
  return `${lines.join("\n")}\n`;
}

function fishValue(option: CommandOption): string {
  if (!takesValue(option)) return "";
  if (option.choices !== undefined) return ` -x -a '${option.choices.join(" ")}'`;
  return option.completes === "nothing" ? " -x" : " -r -F";
}

function fishArguments(row: CommandRow): string {
  switch (row.completes) {
    case "flow":
      return "-k -a '(__fish_complete_suffix .flow)'";
    case "yaml":
      return "-k -a '(__fish_complete_suffix .yaml)'";
    case "json":
      return "-k -a '(__fish_complete_suffix .json)'";
    case "folders":
      return "-a '(__fish_complete_directories)'";
    case "codes":
      return "-a '(flow explain --color never 2>/dev/null | cut -d\" \" -f1)'";
    case "nothing":
      return "-f";
    case "shells":
      return "-a 'bash zsh fish'";
  }
}
