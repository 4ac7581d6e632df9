/** The subset of RE2's syntax that may run on the JavaScript engine, as a tree. */
import type { CharacterSet } from "./character-set.ts";

export interface Repeat {
  readonly min: number;
  readonly max: number;
  readonly lazy: boolean;
}
export type Item =
  | { readonly kind: "set"; readonly set: CharacterSet; readonly repeat: Repeat | undefined }
  | { readonly kind: "start" | "end" | "boundary" }
  | {
      readonly kind: "group";
      readonly capture: boolean;
      readonly optional: Repeat | undefined;
      readonly alternatives: readonly Sequence[];
    };
export type Sequence = readonly Item[];
