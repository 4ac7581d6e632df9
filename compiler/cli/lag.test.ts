/** `flow lag` of what is not there. */
import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { lagCommand } from "./lag.ts";
import { processTerminal } from "./terminal.ts";

it("says that there is no such file, not that nothing reads Kafka", async () => {
  const terminal = { ...processTerminal("never"), cwd: tmpdir() };
  await expect(lagCommand(["no-such.flow"], {}, terminal)).rejects.toThrow("There is no file 'no-such.flow'.");
});
