/** A workspace over texts, and the cursor mark in them: for the tests of the editor service. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Workspace } from "../../compiler/service/workspace.ts";
import { type Host, memoryHost } from "../../compiler/source/host.ts";

export interface Marked {
  readonly ws: Workspace;
  readonly path: string;
  readonly offset: number;
  readonly text: string;
}

/** `‸` marks the cursor in the first text; it is taken out. All files are open; the first is `main.flow`. */
export function marked(text: string, others: Readonly<Record<string, string>> = {}): Marked {
  const offset = text.indexOf("‸");
  const main = text.replace("‸", "");
  const files = { "main.flow": main, ...others };
  const ws = new Workspace(memoryHost(files), {
    files: () => Object.keys(files).filter((path) => path.endsWith(".flow")),
  });
  ws.open("main.flow", main);
  return { ws, path: "main.flow", offset, text: main };
}

/** The same for several places: the text between `«` and `»` of the answer. */
export function around(text: string, span: { readonly start: number; readonly end: number }): string {
  const line = text.slice(text.lastIndexOf("\n", span.start - 1) + 1, span.start);
  const rest = text.slice(span.end, text.indexOf("\n", span.end) < 0 ? undefined : text.indexOf("\n", span.end));
  return `${line}«${text.slice(span.start, span.end)}»${rest}`.trim();
}

export const diskHost: Host = {
  readFile: (path) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  },
  resolve: (from, path) => join(dirname(from), path),
};

/** Every .flow file below the examples and the goldens. */
export function realFiles(): readonly string[] {
  return ["examples", "test/goldens"].flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".flow"))
      .map((path) => join(root, path))
      .sort(),
  );
}
