/** Diagnostics FLOW4xxx. */
import { row } from "./code-row.ts";

export const graphCodes = {
  FLOW4000: row<{ what: string }>({
    severity: "error",
    title: "To be replaced",
    message: ({ what }) => what,
    why: "",
    mend: "",
    example: "",
  }),
};
