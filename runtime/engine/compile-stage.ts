/**
 * A runtime config to one generated function over its records. Each node becomes an inner function that calls its readers: an event is pushed through the
 * whole stage before the next is looked at, with no object, closure or promise of its own.
 */
import type { NodePlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { emitChunk } from "../operators/chunk.ts";
import { emitJoin } from "../operators/join.ts";
import { emitWindow } from "../operators/window.ts";
import { emitSink } from "./emit-sink.ts";
import { emitSource } from "./emit-source.ts";
import { emitStep } from "./emit-step.ts";
import { graphOf } from "./graph.ts";
import { bug, unreachable } from "./runtime-error.ts";
import { StageCode } from "./stage-code.ts";
import { StageEmission } from "./stage-emission.ts";
import type { Stage, StageServices } from "./stage-services.ts";

/** @throws RuntimeError "bad-config" */
export function compileStage(config: RuntimeConfig, services: StageServices): Stage {
  const code = stageCode(config, services);
  const stage = code.compile();
  return isStage(stage) ? stage : bug("generated code gave no stage");
}

/** For tests and for looking at: the text that `compileStage` compiles. */
export function stageCode(config: RuntimeConfig, services: StageServices): StageCode {
  const code = new StageCode();
  const emission = new StageEmission(code, config, graphOf(config), services);
  code.line("const sources = {};", "let eventTime = undefined, attributes = undefined;");
  if (emission.time !== undefined) code.line("let timeMs = 0;");
  if (emission.hasRetractions) code.line("let isRetracted = false;");
  for (const [index, node] of config.nodes.entries()) emitNode(node, index, emission);
  emitFailures(emission);
  code.line(
    `return { sources, time: ${code.bind(emission.time)}, fail, refused: (node, bad, atMs) => {`,
    "const time = eventTime, set = attributes; eventTime = attributes = undefined;",
    ...(emission.time === undefined ? [] : ["const outerMs = timeMs; timeMs = atMs;"]),
    "refused(node, bad);",
    "eventTime = time; attributes = set;",
    ...(emission.time === undefined ? [] : ["timeMs = outerMs;"]),
    "} };",
  );
  return code;
}

function emitNode(node: NodePlan, index: number, emission: StageEmission): void {
  switch (node.kind) {
    case "source":
      emitSource(node, index, emission);
      return;
    case "step":
      emitStep(node, index, emission);
      return;
    case "window":
      if (node.join === undefined) emitWindow(node, index, emission);
      else emitJoin(node, index, emission);
      return;
    case "sink":
      emitSink(node, index, emission);
      return;
    case "chunk":
      emitChunk(node, index, emission);
      return;
    default:
      unreachable(node);
  }
}

/** `fail` makes a bad event of what was thrown; `refused` takes one that is made. Both give it to the node's `errors` readers, else to the dead letter. */
function emitFailures(emission: StageEmission): void {
  const { code, graph, config, services } = emission;
  const current = code.bind(services.current);
  code.line("function refused(node, bad) {");
  emission.probeGave("node", "errors", "bad", true);
  code.line("switch (node) {");
  config.nodes.forEach((_, index) => {
    if (graph.readersOf(index, "errors").length === 0) return;
    // A bad event is in no chunk, also where it comes out of one.
    code.line(`case ${index}: {`, `const chunk = ${current}.chunk;`, `${current}.chunk = undefined;`);
    emission.deliver(index, "errors", "bad");
    code.line(`${current}.chunk = chunk;`, "return;", "}");
  });
  code.line("}", `${code.bind(services)}.deadLetter(bad);`, "}");
  code.line(
    `function fail(node, operator, error) { refused(node, ${code.bind(services)}.bad(node, operator, error)); }`,
  );
}

function isStage(value: unknown): value is Stage {
  return typeof value === "object" && value !== null && "sources" in value && "refused" in value;
}
