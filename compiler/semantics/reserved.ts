/** Words that a declaration may not take as its name, and the shape of names. */
import { scalarKinds } from "../contract/value-type.ts";

/** Kubernetes names hold 63 letters; the operator appends up to 13. */
export const namePattern = /^(?=.{1,50}$)[a-z](?:[a-z0-9_]*[a-z0-9])?$/;

export const reservedWords: ReadonlySet<string> = new Set(["true", "false", "null", "in"]);

/** Names that have a meaning in every expression. */
export const expressionVariables: ReadonlySet<string> = new Set([
  "data",
  "event",
  "key",
  "window",
  "pane",
  "chunk",
  "retracted",
]);

/** Words that begin a statement of a test, where an event begins with a node's name. */
export const testWords: ReadonlySet<string> = new Set(["watermark", "advance", "restart", "table", "expect"]);

/** What can be written as a type; `unknown` is what a mistake has. */
export const scalarTypeNames: ReadonlySet<string> = new Set(scalarKinds.filter((each) => each !== "unknown"));
