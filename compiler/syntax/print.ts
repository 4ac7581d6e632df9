/** Tree → text: expressions and types in canonical one-line form, and whole files made by hand (spans are not looked at). */
import type { Declaration, Expression, SourceFile, TypeExpression } from "./ast.ts";
import { noComments } from "./layout/comments.ts";
import { DeclarationPrinter } from "./layout/declarations.ts";
import { type Doc, hardLine, layOut } from "./layout/doc.ts";
import { expressionText, typeText } from "./layout/one-line.ts";

export { printDuration, quoted as printString } from "./layout/literals.ts";

export const lineWidth = 100;

const generated = new DeclarationPrinter({ comments: noComments, keep: true, isGenerated: true });

/** With as few parentheses as the precedences need. Holes print as nothing. */
export const printExpression = (expression: Expression): string => expressionText(expression);

export const printType = (type: TypeExpression): string => typeText(type);

/** The file as `format` would leave it; comments are lost, `doc`s are kept. */
export function printFile(file: SourceFile): string {
  const printed = file.declarations.map((declaration, i): Doc => {
    const before = file.declarations[i - 1];
    const separator = before === undefined ? "" : standsClose(before, declaration) ? hardLine : [hardLine, hardLine];
    return [separator, generated.declaration(declaration)];
  });
  const text = layOut(printed, lineWidth);
  return text === "" ? "" : `${text}\n`;
}

const oneLiners: ReadonlySet<string> = new Set(["import", "param"]);

/** Imports and params need no empty line between them. */
const standsClose = (a: Declaration, b: Declaration): boolean =>
  a.kind === b.kind && oneLiners.has(a.kind) && b.doc === undefined;
