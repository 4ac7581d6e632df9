/** `--exec score='python3 score.py'`: a program of this machine in place of a step's container, for one run. */
import { ExecMistake, isContainer, withExec } from "../emit/with-exec.ts";
import type { Ir } from "../ir/ir.ts";
import { commandWords } from "./command-words.ts";
import { UsageError } from "./exit.ts";

export interface Exec {
  readonly step: string;
  readonly command: readonly string[];
}

const example = "For example: --exec score='python3 score.py'";

/** @throws UsageError */
export function parseExecs(words: readonly string[]): readonly Exec[] {
  const execs = words.map(parseExec);
  const twice = execs.find((one, i) => execs.findIndex((other) => nameOf(other) === nameOf(one)) < i);
  if (twice !== undefined) throw new UsageError(`'${twice.step}' is given two commands by --exec.`);
  return execs;
}

const nameOf = ({ step }: Exec): string => step.replaceAll("-", "_");

function parseExec(word: string): Exec {
  const at = word.indexOf("=");
  const step = word.slice(0, Math.max(0, at)).trim();
  if (step === "") throw new UsageError(`'--exec ${word}' is not of the form STEP=COMMAND.`, example);
  try {
    const command = commandWords(word.slice(at + 1));
    if (command.length > 0 && command[0] !== "") return { step, command };
    throw new UsageError(`The command for '${step}' is empty: '--exec ${word}'.`, example);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`The command for '${step}' cannot be read: ${error.message}.`, example);
  }
}

/** @throws UsageError when a step has no container that could be replaced */
export function applyExecs(ir: Ir, execs: readonly Exec[]): Ir {
  return execs.reduce((changed, exec) => explained(() => withExec(changed, exec.step, exec.command)), ir);
}

/**
 * For several files, of which each has only some of the steps: what finds no step in one of them may find it in another.
 * `check` says at last what found none.
 */
export function execsOverFiles(execs: readonly Exec[]): {
  readonly apply: (ir: Ir) => Ir;
  /** @throws UsageError */
  readonly check: () => void;
} {
  const found = new Set<Exec>();
  const mistakes = new Map<Exec, ExecMistake>();
  const apply = (ir: Ir) =>
    execs.reduce((changed, exec) => {
      try {
        const next = withExec(changed, exec.step, exec.command);
        found.add(exec);
        return next;
      } catch (error) {
        if (!(error instanceof ExecMistake)) throw error;
        // A file with containers says more of what would have been right.
        if (!mistakes.has(exec) || hasContainers(ir)) mistakes.set(exec, error);
        return changed;
      }
    }, ir);
  const check = () => {
    for (const [exec, mistake] of mistakes) if (!found.has(exec)) throw new UsageError(mistake.message, mistake.hint);
  };
  return { apply, check };
}

const hasContainers = ({ nodes }: Ir): boolean => nodes.some(({ clauses }) => clauses.some(isContainer));

function explained(change: () => Ir): Ir {
  try {
    return change();
  } catch (error) {
    throw error instanceof ExecMistake ? new UsageError(error.message, error.hint) : error;
  }
}
