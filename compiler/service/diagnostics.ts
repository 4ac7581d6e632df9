/** What is wrong with a file: the same as `flow check` says of it. */
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Workspace } from "./workspace.ts";

/** Those of this file; a file that it imports has its own. */
export const diagnosticsOf = (ws: Workspace, path: string): readonly Diagnostic[] => ws.file(path).diagnostics;

/** The open files whose diagnostics may change with this one: those that read it. */
export const relatedFiles = (ws: Workspace, path: string): readonly string[] =>
  ws.dependents(path).filter((other) => ws.isOpen(other));
