/** Where a bracket that is never closed ends all the same. */
import { declarations } from "../../catalog/declarations.ts";
import { oneOf } from "./text-mate.ts";

/** Before a line that begins with a declaration. */
export const nextDeclaration = `(?=^(?:${oneOf(declarations.map(({ keyword }) => keyword))})\\s+[\\w"\`])`;
