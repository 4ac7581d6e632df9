/** Diagnostics FLOW1xxx. */
import { row } from "./code-row.ts";

export const syntaxCodes = {
  FLOW1000: row<{ what: string }>({
    severity: "error",
    title: "To be replaced",
    message: ({ what }) => what,
    why: "",
    mend: "",
    example: "",
  }),
};
