/** Short ways to write the rows of functions. */
import type { FunctionRow, Overload } from "./rows.ts";

/** An overload: its id, the types of its parameters, and last the type of its result. */
export function overload(id: string, ...types: readonly string[]): Overload {
  return { id, parameters: types.slice(0, -1), result: types.at(-1) ?? "any" };
}

/** The rows of one library all look alike. */
export function rowsOf(library: FunctionRow["library"]) {
  return (
    name: string,
    style: FunctionRow["style"],
    parameters: readonly string[],
    overloads: readonly Overload[],
    doc: string,
    example: string,
  ): FunctionRow => ({ name, style, overloads, library, parameters, doc, example, since: "0.1", runtime: true });
}
