/** Rename of names, in every file that uses them. Refuses, in a sentence, what would change the meaning. */
import { boundVariables } from "../semantics/expressions/inlining-rules.ts";
import { expressionVariables, namePattern, reservedWords, scalarTypeNames, testWords } from "../semantics/reserved.ts";
import type { Edit } from "../source/diagnostic.ts";
import { positionAt } from "../source/source-text.ts";
import type { Span } from "../source/span.ts";
import type { CallExpression } from "../syntax/ast.ts";
import { madeFieldAt } from "./made-fields.ts";
import { fieldUseAt, filesThatReadInSteps, isShared, type NamedThing, nameAt, usesEverywhereInSteps } from "./names.ts";
import { atOnce, type Steps } from "./steps.ts";
import { allParts, bare, type Part, pathAt } from "./syntax-path.ts";
import type { RenamePlace, RenameResult } from "./types.ts";
import { Workspace } from "./workspace.ts";

export function prepareRename(ws: Workspace, path: string, offset: number): RenamePlace | undefined {
  const thing = nameAt(ws, path, offset);
  if (!thing) return undefined;
  return { span: withoutQuotes(ws.source(path).text, thing.origin), placeholder: thing.name };
}

/** Why the name at the offset, which looks like one, cannot be changed. */
export function renameRefusal(ws: Workspace, path: string, offset: number): string | undefined {
  const { model } = ws.file(path);
  const use = nameAt(ws, path, offset) ? undefined : fieldUseAt(model, offset);
  const made = use ? undefined : nameAt(ws, path, offset) ? undefined : madeFieldAt(ws.tree(path), offset);
  const name = use?.name.text ?? (made && ws.source(path).text.slice(made.origin.start, made.origin.end));
  if (name === undefined) return undefined;
  return `'${name}' is no field of a type that is declared here: it is named where the data comes from, or where the record is made.`;
}

export const rename = (ws: Workspace, path: string, offset: number, newName: string): RenameResult =>
  atOnce(renameInSteps(ws, path, offset, newName));

/** Refuses what would make a new error or warning in any file that is changed. */
export function* renameInSteps(ws: Workspace, path: string, offset: number, newName: string): Steps<RenameResult> {
  const thing = nameAt(ws, path, offset);
  if (!thing) return { refusal: renameRefusal(ws, path, offset) ?? "There is no name here." };
  if (newName === thing.name) return { edits: [] };
  const refusal = whyNoName(thing, newName) ?? (yield* whyTaken(ws, path, thing, newName));
  if (refusal !== undefined) return { refusal };
  const uses = yield* usesEverywhereInSteps(ws, thing);
  const places = new Map([thing.at, ...uses].map((at) => [`${at.file}:${at.start}`, at]));
  const edits = [...places.values()].map(({ file, ...span }): Edit => {
    const { start, end } = withoutQuotes(ws.source(file).text, span);
    return { file, start, end, newText: newName };
  });
  const isInQuotes = ({ file, start }: Edit): boolean => !places.has(`${file}:${start}`);
  if (thing.kind === "field" && !fieldPattern.test(newName) && !edits.every(isInQuotes))
    return { refusal: noField(newName) };
  const problem = yield* newProblem(ws, edits);
  return problem === undefined ? { edits } : { refusal: problem };
}

/** A field may be written in quotes: they stay. */
function withoutQuotes(text: string, { start, end }: Span): Span {
  const first = text[start];
  const isQuoted = end - start > 1 && (first === '"' || first === "'" || first === "`") && text[end - 1] === first;
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
}

/** What would be wrong after the edits that is not wrong before, in a sentence. */
function* newProblem(ws: Workspace, edits: readonly Edit[]): Steps<string | undefined> {
  const byFile = Map.groupBy(edits, ({ file }) => file);
  const texts = new Map([...byFile].map(([file, some]) => [file, edited(ws.source(file).text, some)]));
  const after = new Workspace({
    readFile: (path) => texts.get(path) ?? ws.host.readFile(path),
    resolve: (from, written) => ws.host.resolve(from, written),
  });
  for (const [done, file] of [...texts.keys()].entries()) {
    yield { done, of: texts.size };
    const left = new Map<string, number>();
    for (const { code } of ws.file(file).diagnostics) left.set(code, (left.get(code) ?? 0) + 1);
    for (const { code, message, at } of after.file(file).diagnostics) {
      const count = left.get(code) ?? 0;
      left.set(code, count - 1);
      if (count === 0)
        return `It would make a new problem, in line ${positionAt(after.source(file), at.start).line + 1} of ${file.slice(file.lastIndexOf("/") + 1)}: ${message}`;
    }
  }
  return undefined;
}

const edited = (text: string, edits: readonly Edit[]): string =>
  edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((now, { start, end, newText }) => now.slice(0, start) + newText + now.slice(end), text);

const typePattern = /^[A-Z][A-Za-z0-9_]*$/;
const fieldPattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** A field's name where it stands in quotes. */
const quotable = /^[^"'`\\\n\r]+$/;
const noField = (name: string): string =>
  `'${name}' is no name of a field: it has letters, digits and '_', and begins with no digit.`;

/** The new name is none for such a thing. */
function whyNoName(thing: NamedThing, newName: string): string | undefined {
  if (thing.kind === "field") return quotable.test(newName) ? undefined : noField(newName);
  const isType = thing.kind === "type";
  if (isType ? !typePattern.test(newName) : !namePattern.test(newName))
    return isType
      ? `'${newName}' is no name of a type: it begins with a capital letter, and has letters, digits and '_'.`
      : `'${newName}' is no name: it has small letters, digits and '_', and begins with a letter.`;
  if (isType ? scalarTypeNames.has(newName) : reservedWords.has(newName) || expressionVariables.has(newName))
    return `'${newName}' is a word of the language.`;
  if (!isType && thing.kind !== "variable" && testWords.has(newName))
    return `'${newName}' begins a statement of a test.`;
  return undefined;
}

/** The new name means something else where the thing is known. */
function* whyTaken(ws: Workspace, path: string, thing: NamedThing, newName: string): Steps<string | undefined> {
  if (thing.kind === "pipeline" || thing.kind === "field") return undefined;
  const isType = thing.kind === "type";
  const files = isShared(thing) ? yield* filesThatReadInSteps(ws, thing.at.file) : [path];
  for (const [done, file] of files.entries()) {
    yield { done, of: files.length };
    const taken = ws
      .file(file)
      .model.symbols.find((one) => one.name === newName && one.kind !== "pipeline" && (one.kind === "type") === isType);
    if (taken) return `There is already a ${taken.kind} '${newName}'.`;
  }
  if (thing.kind === "variable" || thing.kind === "alias")
    return isSaidNear(ws, thing, newName) ? `'${newName}' means something else in the same declaration.` : undefined;
  return (yield* bindsName(ws, thing, newName))
    ? `'${newName}' is a variable of an expression that uses '${thing.name}'.`
    : undefined;
}

/** Where a local name holds, the new one is said already: as a variable, a table, a param or another local. */
function isSaidNear(ws: Workspace, { at, whole }: NamedThing, newName: string): boolean {
  const tree = ws.tree(at.file);
  const binder = pathAt(tree, at.start).findLast(
    (part): part is CallExpression => isCall(part) && part.span.start === whole.start && part.span.end === whole.end,
  );
  const around = tree.declarations.find(({ span }) => span.start <= at.start && at.start < span.end);
  for (const root of binder?.arguments ?? (around ? [around] : [])) {
    for (const part of allParts(root)) {
      const isIdent = part.kind === "ident" && "name" in part && part.name === newName;
      const isName = part.kind === undefined && "name" in part && isNamed(part.name, newName);
      const isAlias = "alias" in part && isNamed(part.alias, newName);
      if (isIdent || isName || isAlias) return true;
    }
  }
  return false;
}

const isCall = (part: Part): part is CallExpression => part.kind === "call" && "arguments" in part;

const isNamed = (value: unknown, name: string): boolean =>
  typeof value === "object" && value !== null && "text" in value && value.text === name;

/** A macro's variable or a parameter of the new name, around a use of the thing, would take its place. */
function* bindsName(ws: Workspace, thing: NamedThing, newName: string): Steps<boolean> {
  const uses = yield* usesEverywhereInSteps(ws, thing);
  return uses.some(({ file, start }) =>
    pathAt(ws.tree(file), start).some(
      (part) =>
        (isCall(part) && boundVariables(part).includes(newName)) ||
        ("parameters" in part &&
          Array.isArray(part.parameters) &&
          part.parameters.some((one) => isNamed(one.name, newName))),
    ),
  );
}

/** Places that change together while one of them is typed in: a local name and its uses. */
export function linkedEditing(ws: Workspace, path: string, offset: number): readonly Span[] {
  const thing = nameAt(ws, path, offset);
  if (!thing || (thing.kind !== "variable" && thing.kind !== "alias")) return [];
  const spans = new Map([thing.at, ...thing.uses].map((at) => [at.start, bare(at)]));
  return [...spans.values()].sort((a, b) => a.start - b.start);
}
