/** Diagnostics FLOW5xxx. */
import { row } from "./code-row.ts";

export const deploymentCodes = {
  FLOW5000: row<{ what: string }>({
    severity: "error",
    title: "To be replaced",
    message: ({ what }) => what,
    why: "",
    mend: "",
    example: "",
  }),
};
