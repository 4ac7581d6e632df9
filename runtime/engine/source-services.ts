/** What drives a source, as the run sees it, and what it is given. One for each shape of source. */
import type { FormatPlan } from "../../compiler/contract/runtime-config.ts";
import type { RecordDecoder } from "../codec/format.ts";
import type { Awaitable, RecordSource, SourceConnector } from "./connector.ts";
import type { Current } from "./current.ts";
import type { RecordTaker } from "./cut-records.ts";
import type { Gate } from "./gate.ts";
import type { SourceChannels } from "./source-channels.ts";

export interface SourceServices {
  readonly node: { readonly index: number; readonly name: string; readonly format: FormatPlan };
  readonly taker: RecordTaker;
  readonly current: Current;
  readonly gate: Gate;
  nowMs(): number;
  /** Input has come that is worked on next. */
  came(): void;
  /**
   * Everything up to here has been through the stage; call `acknowledge` when the sinks have taken what came of it.
   * @param partition where the source has several: what comes later for the same one may take its place
   */
  through(acknowledge: () => void, partition?: string): void;
  /** The watermarks of the source's partitions; undefined where it has but one, or nothing lives by event time. */
  channelsOf?(source: RecordSource): SourceChannels | undefined;
  /** A new part begins: a fresh decoder is needed. Undefined for formats that the engine knows itself. */
  newDecoder(): RecordDecoder | undefined;
  /** A turn ends when the number of events is a multiple of it. */
  readonly roundLength?: number;
  /** A run that is stopped goes on later from here. */
  readonly goesOnLater?: boolean;
}

/** `turn` does a batch's worth of work; a promise means that it is waiting for input, which it works on in its next turn. Gives false at the end. */
export interface SourceLoop {
  readonly source: SourceConnector;
  turn(): Awaitable<boolean>;
  /** No more input is to be asked for; what has been read is still worked on. */
  stop(): void;
  /** What has been read and not worked on yet is left unacknowledged: it would have to wait. Ends the loop. */
  leaveRest(): void;
  events: number;
  bytes: number;
  /** The next turn gives one record: it is decided anew whose turn it is. */
  onlyOne: boolean;
  /** How far its records have been through the stage, and what is needed to go on from there; a plain value. */
  position(): unknown;
  /** Takes up what `position` gave in an earlier run. The source was opened there. Called before the first turn. */
  restore(position: unknown): void;
  /** Everything that came of what has been through the stage is taken: acknowledges it, though the block it is in has not been worked off. */
  acknowledgePassed?(): void;
  /** The run stands still (`true`), or goes on: what is not asked meanwhile has not become idle. */
  standStill?(stands: boolean): void;
  /** Closes whatever is open. */
  close(failed: boolean): Promise<void>;
}
