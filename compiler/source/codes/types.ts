/** Diagnostics FLOW3xxx. */
import { row } from "./code-row.ts";

export const typeCodes = {
  FLOW3000: row<{ what: string }>({
    severity: "error",
    title: "To be replaced",
    message: ({ what }) => what,
    why: "",
    mend: "",
    example: "",
  }),
};
