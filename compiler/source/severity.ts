/** How bad a diagnostic is: the four levels of the Language Server Protocol. */
export type Severity = "error" | "warning" | "information" | "hint";
