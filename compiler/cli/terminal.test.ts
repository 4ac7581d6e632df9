/** When colour is used. */
import { expect, it } from "vitest";
import { wantsColor } from "./terminal.ts";

it.each([
  ["auto", {}, true, true],
  ["auto", {}, false, false],
  ["auto", { NO_COLOR: "1" }, true, false],
  ["auto", { NO_COLOR: "" }, true, true],
  ["auto", { FORCE_COLOR: "1" }, false, true],
  ["auto", { FORCE_COLOR: "0" }, true, false],
  ["auto", { FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
  ["auto", { TERM: "dumb" }, true, false],
  ["always", { NO_COLOR: "1" }, false, true],
  ["never", { FORCE_COLOR: "1" }, true, false],
] as const)("--color %s with %j on a terminal (%s): %s", (choice, env, isTerminal, colored) => {
  expect(wantsColor(choice, env, isTerminal)).toBe(colored);
});
