/** Every function of the language by its catalogue name. Arguments and results are values as `any`. */
import { conversions } from "./conversions.ts";
import { encoders } from "./encoders.ts";
import { lists, sets } from "./lists.ts";
import { math } from "./math.ts";
import { operators } from "./operators.ts";
import { optionals } from "./optionals.ts";
import { regex } from "./regex.ts";
import { stream } from "./stream.ts";
import { strings } from "./strings.ts";
import { time } from "./time.ts";

export type LibraryFunction = (...args: readonly unknown[]) => unknown;

const all: Readonly<Record<string, unknown>> = {
  ...operators,
  ...conversions,
  ...strings,
  ...lists,
  ...sets,
  ...math,
  ...encoders,
  ...regex,
  ...optionals,
  ...time,
  ...stream,
};

export const library: ReadonlyMap<string, LibraryFunction> = new Map(
  Object.entries(all).map(([name, run]) => [name, run as LibraryFunction]),
);
