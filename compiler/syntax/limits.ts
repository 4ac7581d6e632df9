/** What a .flow file may at most be, so that no input can hang the parser or exhaust the stack. */

export const maxFileChars = 1024 * 1024;
/** Brackets, types and expressions inside one another. */
export const maxNesting = 200;
/** Height of one expression's tree: a chain such as `a + b + c …` counts one per operator. */
export const maxExpressionHeight = 400;
export const maxDiagnosticsPerFile = 100;
