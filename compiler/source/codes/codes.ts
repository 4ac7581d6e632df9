/** Every diagnostic there is, by code: one typed table, a file for each kind. */
import type { CodeRow } from "./code-row.ts";
import { deploymentCodes } from "./deployment.ts";
import { graphCodes } from "./graph.ts";
import { kafkaCodes } from "./kafka.ts";
import { lintCodes } from "./lint.ts";
import { nameCodes } from "./names.ts";
import { resourceCodes } from "./resources.ts";
import { syntaxCodes } from "./syntax.ts";
import { typeCodes } from "./types.ts";
import { valueCodes } from "./values.ts";

export const codes = {
  ...syntaxCodes,
  ...nameCodes,
  ...typeCodes,
  ...valueCodes,
  ...graphCodes,
  ...deploymentCodes,
  ...kafkaCodes,
  ...resourceCodes,
  ...lintCodes,
};

export type Code = keyof typeof codes;

/** The parameters that the message of a code takes. */
export type CodeParameters<C extends Code> = (typeof codes)[C] extends CodeRow<infer P> ? P : never;
