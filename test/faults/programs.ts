/** What worker processes run: the command line with the stages of a pipeline, or the stand-in, which has no engine. */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ClientKind, Delivery, StageKind } from "./scenario.ts";
import type { StandInOptions } from "./stand-in-worker.ts";
import type { Program } from "./worker-processes.ts";

/** What programs of a case are made from. */
export interface ProgramCase {
  readonly stage: StageKind;
  readonly client: ClientKind;
  readonly delivery: Delivery;
  /** Letters, digits and `_`; nobody else's. */
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly deadLetters: string;
  /** Of the stage `http`. */
  readonly url: string | undefined;
  readonly sessionTimeoutMs: number;
  /** By slot: the broker, or its proxy. */
  bootstrapOf(slot: number): string;
  /** Of Node.js. */
  readonly nodeArgs: readonly string[];
  /** To write into. */
  readonly folder: string;
}

export interface StageProgram {
  /** Its consumer group. */
  readonly group: string;
  readonly program: Program;
}

/** The length of a window. */
export const windowMs = 2_000;

const anyBroker = "127.0.0.1:9092";

/** By stage, from the one that reads the input to the one that writes the output. */
export async function flowWorkers(of: ProgramCase, entry: string): Promise<readonly StageProgram[]> {
  mkdirSync(of.folder, { recursive: true });
  const file = join(of.folder, "faults.flow");
  writeFileSync(file, flowFile(of));
  const stages = join(of.folder, "stages");
  await promisify(execFile)(process.execPath, [entry, "compile", file, "--format", "runtime", "-o", `${stages}/`], {
    timeout: 60_000,
  });
  const folder = join(stages, `${of.name.replaceAll("_", "-")}.runtime`);
  const configs = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  const readsInput = (text: string) => text.includes(`"topic": "${of.input}"`);
  configs.sort((a, b) => Number(readsInput(b)) - Number(readsInput(a)));
  return configs.map((text, stage) => ({ group: groupOf(text), program: programOf(of, entry, text, stage) }));
}

function groupOf(config: string): string {
  const { kafka }: { readonly kafka: { readonly group: string } } = JSON.parse(config);
  return kafka.group;
}

function programOf(of: ProgramCase, entry: string, text: string, stage: number): Program {
  return (slot) => {
    const config = join(of.folder, `stage-${stage}-${slot}.json`);
    const brokers = of.bootstrapOf(slot).split(",");
    writeFileSync(config, text.replaceAll(`"${anyBroker}"`, brokers.map((broker) => `"${broker}"`).join(",")));
    const options = ["--kafka-client", of.client, "--session-timeout", `${of.sessionTimeoutMs}ms`];
    return { args: [...of.nodeArgs, entry, "worker", config, ...options] };
  };
}

function flowFile({ stage, name, delivery, input, output, deadLetters, url }: ProgramCase): string {
  const steps: Record<StageKind, string> = {
    carry: `step kept from stamps { filter data.id != "" }
sink output from kept { kafka { topic: "${output}" } }`,
    windows: `window counts from stamps {
  key data.key
  fixed ${windowMs}ms
  emit { key: key, start: window.start, count: count() }
}
sink output from counts { kafka { topic: "${output}" } }`,
    http: `sink output from stamps { http { url: "${url}", concurrency: 1 } retry 1000 backoff 100ms..1s }`,
  };
  return `pipeline ${name} {
  delivery ${delivery}
  kafka { brokers: ["${anyBroker}"] }
  errors dead_letter { kafka { topic: "${deadLetters}" } }
}

type Stamp { id: string, key: string, at: int }

source stamps: Stamp {
  kafka { topic: "${input}", start: earliest }${stage === "windows" ? "\n  watermark 0s idle 1s" : ""}
}
${steps[stage]}
`;
}

export function standIn(of: ProgramCase): readonly StageProgram[] {
  const { client, delivery, name: group, input, output, sessionTimeoutMs } = of;
  const program: Program = (slot) => {
    const brokers = of.bootstrapOf(slot).split(",");
    const options: StandInOptions = { client, delivery, group, input, output, sessionTimeoutMs, brokers };
    return { args: [...of.nodeArgs, join(import.meta.dirname, "stand-in-worker.ts"), JSON.stringify(options)] };
  };
  return [{ group, program }];
}
