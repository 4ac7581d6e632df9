/** Both clients keep the same promises, and work side by side in one group. */
import { describe } from "vitest";
import { describeClient } from "./client-suite.ts";

describe.each(["kafkajs", "native"] as const)("with %s", (kind) => {
  describeClient(kind);
});
