/** The shape of a file of cases: steps and what they must give. Fields that a case does not have it does not assert. */

export type TimeText = number | string | null;

export interface WindowShape {
  readonly fn: string;
  readonly size?: number;
  readonly period?: number;
  readonly offset?: number;
  readonly gap?: number;
}

export interface TriggerShape {
  readonly t: string;
  readonly n?: number;
  readonly delay?: number;
  readonly of?: TriggerShape | readonly TriggerShape[];
  readonly until?: TriggerShape;
  readonly early?: TriggerShape;
  readonly late?: TriggerShape;
}

export interface Step {
  readonly op: string;
  readonly k?: unknown;
  readonly v?: unknown;
  readonly ts?: TimeText;
  readonly to?: TimeText | readonly number[];
  readonly by?: number;
  readonly at?: TimeText;
  readonly is?: TimeText | boolean;
  readonly w?: WindowText;
  readonly fire?: boolean;
  readonly finish?: boolean;
  readonly when?: string;
  readonly holdOutputWatermark?: boolean;
  readonly elements?: readonly Step[];
  readonly dropped?: Counts;
  readonly source?: string;
  readonly copies?: number;
  readonly copy?: number;
  readonly input?: number;
}

export type WindowText = string | readonly (number | string)[];
export type Counts = Readonly<Record<string, number>>;

export interface PaneShape {
  readonly k?: unknown;
  readonly w?: WindowText;
  readonly values?: unknown;
  readonly timing?: string;
  readonly index?: number;
  readonly onTimeIndex?: number;
  readonly first?: boolean;
  readonly last?: boolean;
  readonly ts?: TimeText;
}

export interface Assertion {
  readonly kind: string;
  readonly k?: unknown;
  readonly w?: WindowText;
  readonly values?: readonly unknown[];
  readonly combined?: readonly unknown[];
  readonly paneCount?: number;
}

export interface Expectation {
  readonly windows?: readonly {
    readonly w: WindowText;
    readonly ts?: readonly number[];
    readonly values?: readonly unknown[];
  }[];
  readonly groups?: readonly PaneShape[];
  readonly panes?: readonly PaneShape[];
  readonly paneCount?: number;
  readonly assert?: readonly Assertion[];
  readonly dropped?: Counts;
  readonly kept?: readonly unknown[];
  readonly values?: readonly unknown[];
  readonly batches?: readonly { readonly k?: unknown; readonly w?: WindowText; readonly sizes: readonly number[] }[];
  /** By value how often it passes; several numbers where each of them is right. */
  readonly counts?: Readonly<Record<string, number | readonly number[]>>;
  readonly input?: TimeText;
  readonly output?: TimeText;
  readonly outputAtMost?: TimeText;
  readonly valuesAnyOrder?: readonly unknown[];
  readonly out?: readonly (readonly unknown[])[];
  readonly timestampsUnchanged?: boolean;
  readonly groupsPerKey?: number;
  readonly countPerKey?: number;
  readonly keys?: number;
}

export interface RefusalCheck {
  readonly bounded?: boolean;
  readonly window?: WindowShape;
  readonly trigger?: TriggerShape | null;
  readonly allowedLateness?: number;
  readonly key?: string;
}

export interface Case {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly window?: WindowShape;
  readonly trigger?: TriggerShape;
  readonly mode?: string;
  readonly allowedLateness?: number;
  readonly closing?: string;
  readonly onTime?: string;
  readonly timestampCombiner?: string;
  readonly combine?: string;
  readonly steps?: readonly Step[];
  readonly timestamps?: readonly TimeText[];
  readonly variants?: readonly {
    readonly size?: number;
    readonly period?: number;
    readonly offset?: number;
    readonly gap?: number;
  }[];
  readonly check?: RefusalCheck;
  readonly stages?: readonly string[];
  readonly inputs?: number;
  readonly batchSize?: number;
  /** In processing time: a batch that is not full is given then. */
  readonly maxBufferingDuration?: number;
  /** Of `dedupe` without windows: how long a value is remembered, and in which time. */
  readonly duration?: number;
  readonly timeDomain?: string;
  readonly generate?: {
    readonly keys: number;
    readonly valuesPerKey: number;
    readonly value: unknown;
    readonly shuffle?: boolean;
  };
  readonly expect: Expectation;
}

/** What a case needs that nothing here can do. It counts as failed. */
export class CannotRun extends Error {}

/** The case ran and gave something else. */
export class Different extends Error {}
