/** A container is run by a command in its place. */
import { describe, expect, it } from "vitest";
import { compile } from "../compile.ts";
import type { OperatorPlan } from "../contract/runtime-config.ts";
import { memoryHost } from "../source/host.ts";
import { runtimeConfigs } from "./runtime-config.ts";
import { ExecMistake, withExec } from "./with-exec.ts";

function irOf(steps: string) {
  const text = `source orders { stdin {} }\n${steps}\nsink out from score { stdout {} }\n`;
  const { ir, diagnostics } = compile("p.flow", memoryHost({ "p.flow": text }));
  if (ir === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return ir;
}

function operators(steps: string, command = ["python3", "score.py"]): readonly OperatorPlan[] {
  const [stage] = runtimeConfigs(withExec(irOf(steps), "score", command), { local: true });
  return stage!.nodes.flatMap((node) => (node.kind === "step" ? node.operators : []));
}

function mistake(steps: string, step: string, command = ["cat"]): string {
  try {
    withExec(irOf(steps), step, command);
    return "none";
  } catch (error) {
    if (error instanceof ExecMistake) return `${error.message} ${error.hint}`;
    throw error;
  }
}

describe("a container that is run by a command", () => {
  it("is a process of that command, with the options that both have", () => {
    const container =
      'container "i:1" { command: ["a"], io: stdio, args: ["-v"], timeout: 5s, resources: { cpu: "1" } }';
    expect(operators(`step score from orders { filter data.n > 1 ${container} }`)[1]).toEqual({
      at: "p.flow",
      op: "process",
      options: { command: ["python3", "score.py"], io: "stdio", args: ["-v"], timeout: 5000, grace: 10000 },
    });
  });

  it("listens where it is told, unless the file gives its address", () => {
    const urlOf = (options: string) =>
      operators(`step score from orders { container "i:1" ${options} }`).map((plan) =>
        plan.op === "process" ? plan.options.url : plan.op,
      );
    expect(urlOf("")).toEqual([undefined]);
    expect(urlOf('{ url: "http://localhost:9000" }')).toEqual(["http://localhost:9000"]);
  });
});

describe("a command for what is no container", () => {
  const score = 'step score from orders { container "i:1" }';
  it.each([
    [score, "scor", "There is no step 'scor'. Did you mean 'score'? Steps with a container: score."],
    [score, "orders", "'orders' is a source; --exec is for steps with a container. Steps with a container: score."],
    [
      'step score from orders { process { command: ["cat"] } }',
      "score",
      "The step 'score' has no container: its program is the 'process' in the file, which runs as it is. No step of the pipeline has a container.",
    ],
    [
      'step score from orders { container "a" container "b" }',
      "score",
      "'score' has 2 containers, so one command is not enough. Give each a step of its own.",
    ],
  ])("%s by %s is refused", (steps, step, message) => {
    expect(mistake(steps, step)).toBe(message);
  });

  it("and an empty command is refused", () => {
    expect(mistake(score, "score", [])).toBe(
      "The command for 'score' is empty. For example: --exec score='python3 score.py'",
    );
  });
});
