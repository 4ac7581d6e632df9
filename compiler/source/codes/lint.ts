/** Diagnostics FLOW9xxx. */
import { row } from "./code-row.ts";

export const lintCodes = {
  FLOW9000: row<{ what: string }>({
    severity: "error",
    title: "To be replaced",
    message: ({ what }) => what,
    why: "",
    mend: "",
    example: "",
  }),
};
