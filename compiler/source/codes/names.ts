/** Diagnostics FLOW2xxx. */
import { row } from "./code-row.ts";

export const nameCodes = {
  FLOW2000: row<{ what: string }>({
    severity: "error",
    title: "To be replaced",
    message: ({ what }) => what,
    why: "",
    mend: "",
    example: "",
  }),
};
