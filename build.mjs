/** Builds `dist/flow.js`, the one file that the `flow` binary is. Runs in `npm ci`. */
import { build } from "esbuild";

await build({
  entryPoints: { flow: "compiler/cli/main.ts" },
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node22",
  format: "esm",
  splitting: true,
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  minifySyntax: true,
  legalComments: "none",
});
