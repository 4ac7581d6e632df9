/** Test runner set-up: every `*.test.ts` in the tree, in Node. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "compiler/**/*.test.ts",
      "runtime/**/*.test.ts",
      "lsp/**/*.test.ts",
      "test/**/*.test.ts",
      "examples/**/*.test.ts",
      "vscode-extension/src/**/*.test.ts",
    ],
    testTimeout: 20_000,
  },
});
