/** All aggregates by name. */
import type { AggregatePlan } from "../../../compiler/contract/runtime-config.ts";
import type { Aggregate } from "./aggregate.ts";
import { avg } from "./avg.ts";
import { count } from "./count.ts";
import { distinct } from "./distinct.ts";
import { argMax, argMin, max, min } from "./extreme.ts";
import { first, last } from "./first-last.ts";
import { list } from "./list.ts";
import { quantile } from "./quantile.ts";
import { stddev } from "./stddev.ts";
import { sum } from "./sum.ts";
import { top } from "./top.ts";

export const aggregates: Readonly<Record<AggregatePlan["fn"], Aggregate>> = {
  count,
  sum,
  min,
  max,
  avg,
  first,
  last,
  list,
  distinct,
  arg_max: argMax,
  arg_min: argMin,
  quantile,
  top,
  stddev,
};
