/** The walks through a real editor: one file each, checks in order, patient with a busy machine and never by waiting blindly. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ["*.walk.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: Number(process.env.PATIENCE_MS ?? 60_000), interval: 50 } },
    reporters: ["verbose"],
  },
});
