/** A Pipeline custom resource as .flow text: the formatted file that compiles to it. */
import { type Diagnostic, reporter } from "../source/diagnostic.ts";
import type { SourceText } from "../source/source-text.ts";
import { printFile } from "../syntax/print.ts";
import { reportLeftOut } from "./read/metadata.ts";
import { readResource } from "./read/read-resource.ts";

export interface Decompiled {
  /** undefined when the resource is broken; the diagnostics say how. */
  readonly text: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** @param source YAML or JSON. */
export function decompile(source: SourceText): Decompiled {
  const { file, diagnostics } = readResource(source);
  const isBroken = diagnostics.some((one) => one.severity === "error");
  const report = reporter(source.path, diagnostics);
  for (const one of file.declarations) if (one.kind === "pipeline") reportLeftOut(one, report);
  return { text: isBroken ? undefined : printFile(file), diagnostics };
}
