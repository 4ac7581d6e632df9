/** What the checks see: every phase's result. A check reads it and reports; it changes nothing. */
import type { Graph } from "../phases/graph.ts";
import type { Header } from "../phases/headers.ts";
import type { Declared } from "../program.ts";

export interface CheckedProgram {
  readonly declared: Declared;
  readonly graph: Graph;
  readonly header: Header;
}

export type Check = (checked: CheckedProgram) => void;
