/** docs/reference/command-line.md, from the rows of the commands. */
import { code, generatedBy, page, table } from "../emit/docs/markdown.ts";
import type { CommandRow } from "./command-row.ts";
import { commands } from "./commands.ts";

export function commandLinePage(): string {
  return page(
    generatedBy("compiler/cli/commands.ts"),
    "# Command line",
    table(
      ["command", "what it does"],
      commands.map((row) => [`[\`flow ${row.name}\`](#flow-${row.name})`, row.summary]),
    ),
    "Every command takes `--help`, and `--color auto|always|never`; `NO_COLOR` and `FORCE_COLOR` are respected. `flow --version` prints the version. Exit codes: 0 fine, 1 diagnostics or a failed run, 2 a wrong command line. If flow itself crashes it says so and exits 1; `FLOW_DEBUG=1` adds the stack.",
    ...commands.flatMap(section),
    "## Environment",
    table(
      ["variable", "what it does"],
      [
        ["`FLOW_PARAM_<NAME>`", "The value of the param `name`, when neither `--param` nor `--params` gives one."],
        [
          "`FLOW_SECRET_<NAME>_<KEY>`",
          'What `secret("name", "key")` is in `flow run`; what is no letter or digit becomes `_`.',
        ],
        ["`NO_COLOR`, `FORCE_COLOR`", "No colour, or colour everywhere; `--color` wins."],
        ["`FLOW_DEBUG`", "Adds the stack to the message of a crash."],
      ],
    ),
  );
}

function section(row: CommandRow): string[] {
  return [
    `## flow ${row.name}`,
    row.doc,
    `    flow ${row.name} ${row.options.length > 0 ? "[options] " : ""}${row.arguments}`.trimEnd(),
    row.options.length === 0
      ? ""
      : table(
          ["option", "values", "what it does"],
          row.options.map((option) => [code(option.flags), values(option), option.doc]),
        ),
    row.examples.map(({ command, doc }) => `    ${command}    # ${doc}`).join("\n"),
    `Exit codes: ${row.exits.join("; ")}.`,
  ];
}

const values = ({ choices, default: by }: CommandRow["options"][number]): string =>
  (choices ?? []).map((choice) => (choice === by ? `**${choice}**` : choice)).join(", ");
