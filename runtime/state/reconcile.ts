/** Compares what a store holds with the pipeline that is to go on from it: keeps the state of nodes that mean the same, and loses none unasked. */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { RuntimeError } from "../engine/runtime-error.ts";
import { fingerprintsOf } from "./fingerprint.ts";
import type { StateStore } from "./state-store.ts";
import { damagedState, decodeValue } from "./value-reader.ts";
import { codecVersion, encodeValue } from "./value-writer.ts";

/** `stopped`: in order, with more to come. `ending`: everything is written and only its putting in place is left. `done`: that too. */
export type Phase = "running" | "stopped" | "ending" | "done";

export interface Reconciled {
  readonly phase: Phase;
  readonly values: ReadonlyMap<string, Uint8Array>;
  /** Of the nodes of the pipeline as it is now. */
  readonly fingerprints: ReadonlyMap<string, string>;
  /** Settles when what was changed here is durable. */
  readonly stored?: void | Promise<void>;
}

/** @param reset nodes whose state is dropped. @throws RuntimeError "state-differs" */
export function reconcile(store: StateStore, config: RuntimeConfig, reset: ReadonlySet<string>): Reconciled {
  const fingerprints = fingerprintsOf(config);
  const values = store.values();
  const head = damagedState(() => read(values.get("pipeline")));
  if (head === undefined) {
    const own = encodeValue([codecVersion, config.pipeline]);
    const stored = store.transaction((changes) => changes.value("pipeline", own));
    return { phase: "running", values: new Map(), fingerprints, stored };
  }
  checkHead(head, config);
  const phase = damagedState(() => phaseOf(read(values.get("phase"))));
  const before = damagedState(() => read(values.get("fingerprints")));
  const known = before instanceof Map ? before : new Map<unknown, unknown>();
  for (const name of reset) if (!known.has(name)) throw nothingToReset(name, known, config);
  const lost = [...known].flatMap(([name, print]) =>
    fingerprints.get(String(name)) === print || reset.has(String(name)) ? [] : [String(name)],
  );
  if (lost.length > 0) throw differs(lost, fingerprints);
  if (reset.size === 0) return { phase, values, fingerprints };
  if (phase === "ending" || phase === "done") throw finished(config);
  const belongsTo = (value: string) => reset.has(value.slice(value.indexOf("/") + 1)) && value.includes("/");
  const dropped = [...values.keys()].filter(belongsTo);
  const stored = store.transaction((changes) => {
    for (const name of dropped) changes.value(name, undefined);
    for (const pages of store.nodes()) if (reset.has(nodeOf(pages))) changes.dropPages(pages);
    changes.value("fingerprints", encodeValue(new Map([...fingerprints].filter(([name]) => known.has(name)))));
  });
  return { phase, values: new Map([...values].filter(([name]) => !dropped.includes(name))), fingerprints, stored };
}

/** Under which name the pages of one operator of a step are kept. */
export const operatorPages = (node: string, operator: number): string => `${node}#${operator}`;
/** Under which name the rows of a join are kept. */
export const rowPages = (node: string): string => `${node}#rows`;
const nodeOf = (pages: string): string => pages.replace(/#(\d+|rows)$/, "");

const read = (bytes: Uint8Array | undefined): unknown => (bytes === undefined ? undefined : decodeValue(bytes));

function phaseOf(value: unknown): Phase {
  return value === "stopped" || value === "ending" || value === "done" ? value : "running";
}

function checkHead(head: unknown, config: RuntimeConfig): void {
  const [version, pipeline] = Array.isArray(head) ? head : [];
  if (version !== codecVersion)
    throw new RuntimeError(
      "state-of-other-version",
      "The state was written by another version of flow. Finish it with that version, or start again from the beginning with --reset all.",
    );
  if (pipeline !== config.pipeline)
    throw new RuntimeError(
      "state-differs",
      `The state is that of the pipeline '${String(pipeline)}', and this one is '${config.pipeline}'. Give another folder, or start again from the beginning with --reset all.`,
    );
}

function differs(lost: readonly string[], now: ReadonlyMap<string, string>): RuntimeError {
  const changed = lost.filter((name) => now.has(name));
  const gone = lost.filter((name) => !now.has(name));
  const what = [
    ...(changed.length > 0
      ? [`${quoted(changed)} ${changed.length === 1 ? "means" : "mean"} something else than when the state was written`]
      : []),
    ...(gone.length > 0 ? [`there is no ${quoted(gone)} any more`] : []),
  ].join(", and ");
  const flags = lost.map((name) => `--reset ${name}`).join(" ");
  return new RuntimeError(
    "state-differs",
    `The pipeline has changed: ${what}. To go on, the state of ${quoted(lost)} would be dropped: say so with ${flags}. The state of all other nodes is kept.`,
  );
}

function nothingToReset(name: string, known: ReadonlyMap<unknown, unknown>, config: RuntimeConfig): RuntimeError {
  const isNode = config.nodes.some((node) => node.name === name);
  const names = [...known.keys()].map(String);
  return new RuntimeError(
    "state-differs",
    `--reset ${name}: ${isNode ? `'${name}' has no state` : `there is no state of a node '${name}'`}. There is state of ${names.length === 0 ? "no node yet" : quoted(names)}.`,
  );
}

function finished(config: RuntimeConfig): RuntimeError {
  return new RuntimeError(
    "state-differs",
    `'${config.pipeline}' has finished, so there is nothing that a part of it could go on from. Start again from the beginning with --reset all.`,
  );
}

const quoted = (names: readonly string[]): string =>
  names
    .map((name) => `'${name}'`)
    .join(", ")
    .replace(/, ([^,]*)$/, " and $1");
