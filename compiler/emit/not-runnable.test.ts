/** What a pipeline needs that cannot run here is said by name, with the flag that helps. */
import { expect, it } from "vitest";
import { compile } from "../compile.ts";
import type { Ir } from "../ir/ir.ts";
import { memoryHost } from "../source/host.ts";
import { notRunnable } from "./not-runnable.ts";
import { withExec } from "./with-exec.ts";

function refused(steps: string, changed: (ir: Ir) => Ir = (ir) => ir): readonly string[] {
  const text = `source orders { stdin {} }\n${steps}\nsink out from score { stdout {} }\n`;
  const { ir, diagnostics } = compile("p.flow", memoryHost({ "p.flow": text }));
  if (ir === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return notRunnable(changed(ir)).map(({ code, message }) => `${code} ${message}`);
}

const container = 'step score from orders { container "score:1" { io: stdio } }';

it("says which flag runs a container here", () => {
  expect(refused(container)).toEqual([
    "FLOW5007 The step 'score' cannot run here: it is a container, and those run on a cluster. Give a command that does its work for this run: --exec score='python3 score.py'.",
  ]);
});

it("takes a container that is given a command, programs, code and chunks", () => {
  expect(refused(container, (ir) => withExec(ir, "score", ["cat"]))).toEqual([]);
  expect(
    refused(`chunk bulk from orders { key data.id size 5 }
      step a from bulk { process { command: ["cat"], io: stdio } retry 2 else drop }
      step score from a { code javascript "export default (event) => event.data" }`),
  ).toEqual([]);
});
