/**
 * Reads reference tables again every so often, in the background. The old version serves until the new one is whole, and goes on serving when reading
 * fails; the exchange happens between two turns of the sources, so one record never sees both.
 */
import type { RuntimeConfig, TablePlan } from "../../compiler/contract/runtime-config.ts";
import type { Clock } from "./clock.ts";
import type { Log } from "./connector.ts";
import { messageOf } from "./runtime-error.ts";
import { readTable, type Table, type TableServices } from "./tables.ts";

/** What generated code looks into. */
export interface TableHolder {
  rows: Table;
}

export interface RefreshServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly tables: TableServices;
}

export class TableRefresher {
  /** By name: tables that are refreshed. */
  readonly holders = new Map<string, TableHolder>();
  private readonly config: RuntimeConfig;
  private readonly services: RefreshServices;
  private readonly cancels = new Map<string, () => void>();
  private isStopped = false;

  /** @param tables as they were read at the start */
  constructor(config: RuntimeConfig, tables: ReadonlyMap<string, Table>, services: RefreshServices) {
    this.config = config;
    this.services = services;
    for (const plan of config.tables) {
      if (plan.refreshMs === undefined) continue;
      this.holders.set(plan.name, { rows: tables.get(plan.name) ?? new Map() });
      this.arm(plan, plan.refreshMs);
    }
  }

  stop(): void {
    this.isStopped = true;
    for (const cancel of this.cancels.values()) cancel();
  }

  private arm(plan: TablePlan, refreshMs: number): void {
    if (this.isStopped) return;
    this.cancels.set(
      plan.name,
      this.services.clock.after(refreshMs, () => void this.refresh(plan).then(() => this.arm(plan, refreshMs))),
    );
  }

  /** Never fails. */
  private async refresh(plan: TablePlan): Promise<void> {
    try {
      const rows = await readTable(plan, this.config, this.services.tables, () => this.isStopped);
      if (!this.isStopped) this.holders.get(plan.name)!.rows = rows;
    } catch (error) {
      this.services.log.warn(
        { table: plan.name, error: messageOf(error) },
        "a table could not be read again; the version before goes on serving",
      );
    }
  }
}
