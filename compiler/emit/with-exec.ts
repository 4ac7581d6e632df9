/**
 * A `container` step as a local program for one run: `flow run --exec score='python3 score.py'`. Knows the catalogue's rows
 * and nothing of how programs are started.
 */
import type { OptionRow } from "../catalog/rows.ts";
import type { Ir, IrClause, IrNode, IrValue } from "../ir/ir.ts";
import { clauseById } from "../ir/rows-by-id.ts";
import { didYouMean, nearest } from "../source/nearest.ts";

/** The step named on the command line cannot be run by a command. `hint` says what can. */
export class ExecMistake extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/**
 * The pipeline in which the step's container is the `process` of `command`, with the options that both have: `io`, `args`, `env`, `timeout`, …
 * What only an image has is dropped: its `command`, its `resources`, and the address where it listens unless that was written.
 * @param step as written in the file, or in kebab-case.
 * @throws ExecMistake when there is no such step, or it has not exactly one container
 */
export function withExec(ir: Ir, step: string, command: readonly string[]): Ir {
  const node = stepOf(ir, step);
  if (command.length === 0 || command[0] === "")
    throw new ExecMistake(`The command for '${node.name}' is empty.`, `For example: ${execExample(node.name)}`);
  const containers = node.clauses.filter(isContainer);
  if (containers.length === 0) throw withoutContainer(ir, node);
  if (containers.length > 1)
    throw new ExecMistake(
      `'${node.name}' has ${containers.length} containers, so one command is not enough.`,
      "Give each a step of its own.",
    );
  const clauses = node.clauses.map((clause) => (isContainer(clause) ? processOf(clause, command) : clause));
  return { ...ir, nodes: ir.nodes.map((one) => (one === node ? { ...node, clauses } : one)) };
}

/** The flag that runs a step's container by a program. */
export const execExample = (step: string): string => `--exec ${step}='python3 ${step}.py'`;

export const isContainer = (clause: IrClause): boolean => clause.row === "step.container";

function stepOf(ir: Ir, written: string): IrNode {
  const name = written.replaceAll("-", "_");
  const node = ir.nodes.find((one) => one.name === name);
  const names = namesOfContainers(ir);
  if (node === undefined)
    throw new ExecMistake(`There is no step '${written}'.${didYouMean(nearest(name, names))}`, listOf(names));
  if (node.kind === "step") return node;
  throw new ExecMistake(`'${written}' is a ${node.kind}; --exec is for steps with a container.`, listOf(names));
}

function withoutContainer(ir: Ir, node: IrNode): ExecMistake {
  const isProcess = node.clauses.some(({ row }) => row === "step.process");
  const why = isProcess ? ": its program is the 'process' in the file, which runs as it is" : "";
  return new ExecMistake(`The step '${node.name}' has no container${why}.`, listOf(namesOfContainers(ir)));
}

const namesOfContainers = (ir: Ir): readonly string[] =>
  ir.nodes.filter(({ clauses }) => clauses.some(isContainer)).map(({ name }) => name);

const listOf = (names: readonly string[]): string =>
  names.length === 0 ? "No step of the pipeline has a container." : `Steps with a container: ${names.join(", ")}.`;

function processOf(clause: IrClause, command: readonly string[]): IrClause {
  const given = clause.values.find(([name]) => name === "options")?.[1];
  const { options, origins } =
    given?.kind === "options" ? given : ({ options: [], origins: {} } satisfies Partial<IrValue>);
  const kept = options.filter(
    ([name]) => name !== "command" && rowsOf("step.process").some((row) => row.name === name),
  );
  const value: IrValue = {
    kind: "options",
    options: [["command", command], ...kept],
    origins,
    origin: given?.origin ?? clause.origin,
  };
  return { row: "step.process", keyword: "process", values: [["options", value]], origin: clause.origin };
}

const rowsOf = (clause: string): readonly OptionRow[] =>
  clauseById(clause)?.row.parts.find(({ name }) => name === "options")?.options ?? [];
