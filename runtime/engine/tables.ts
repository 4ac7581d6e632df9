/** Reads reference tables, whole: before any source is opened, and again by refresh-tables.ts. */
import type { RuntimeConfig, TablePlan } from "../../compiler/contract/runtime-config.ts";
import type { RecordDecoder } from "../codec/format.ts";
import { noEvent } from "../codec/format.ts";
import { problemOf } from "../codec/problem.ts";
import { compileExpression } from "../expr/compile-expression.ts";
import { hashKey } from "../expr/hash-key.ts";
import { type BadEvent, BadRecord, badEvent } from "./bad-event.ts";
import type { SourceConnector } from "./connector.ts";
import { Current } from "./current.ts";
import { Gate } from "./gate.ts";
import { sourceLoop } from "./source-loop.ts";

export interface TableServices {
  open(plan: TablePlan): Promise<SourceConnector>;
  decoder(plan: TablePlan): RecordDecoder | undefined;
  parseJson(text: string): unknown;
  nowMs(): number;
  /** A row that cannot be used. */
  bad(event: BadEvent): void;
}

export type Table = ReadonlyMap<string | number, unknown>;

/** Rows by `hashKey` of their key; of two rows with one key the later counts. */
export async function readTables(config: RuntimeConfig, services: TableServices): Promise<ReadonlyMap<string, Table>> {
  const tables = new Map<string, Table>();
  for (const plan of config.tables) tables.set(plan.name, await readTable(plan, config, services));
  return tables;
}

/** Puts rows into a table, each under its key. @throws EvaluationError, BadRecord for a row that cannot be used. */
export function rowTaker(plan: TablePlan, config: RuntimeConfig, rows: Map<string | number, unknown>) {
  const key = compileExpression(plan.key, ["data"]);
  return (row: unknown): void => {
    const problem = plan.type === undefined ? undefined : problemOf(row, plan.type, config.types);
    if (problem !== undefined) throw new BadRecord(problem);
    rows.set(hashKey(key(row)), row);
  };
}

/** @param isStopped nobody wants it any more */
export async function readTable(
  plan: TablePlan,
  config: RuntimeConfig,
  services: TableServices,
  isStopped: () => boolean = () => false,
): Promise<Table> {
  const rows = new Map<string | number, unknown>();
  const put = rowTaker(plan, config, rows);
  const current = new Current();
  let decoder: RecordDecoder | undefined;
  const bad = (error: unknown) => services.bad(badEvent({ node: plan.name, at: plan.at }, current, error));
  const decode = (text: string): unknown => {
    if (decoder !== undefined) return decoder.decode(text, current.message);
    return plan.format.type === "json" ? (text.trim() === "" ? noEvent : services.parseJson(text)) : text;
  };
  const take = (text: string) => {
    try {
      const row = decode(text);
      if (row === noEvent) return;
      put(row);
    } catch (error) {
      bad(error);
    }
  };
  const loop = sourceLoop(await services.open(plan), {
    node: { index: -1, name: plan.name, format: plan.format },
    taker: { take, bad },
    current,
    gate: new Gate(),
    nowMs: services.nowMs,
    came: () => {},
    through: (acknowledge) => acknowledge(),
    newDecoder: () => {
      decoder = services.decoder(plan);
      return decoder;
    },
  });
  let failed = true;
  try {
    while (!isStopped() && (await loop.turn()));
    failed = false;
  } finally {
    await loop.close(failed);
  }
  return rows;
}
