/** Rename of names and of files, in every file that uses them. Refuses, in a sentence, what would change the meaning. */
import { expressionVariables, namePattern, reservedWords, scalarTypeNames, testWords } from "../semantics/reserved.ts";
import type { Edit } from "../source/diagnostic.ts";
import type { Span } from "../source/span.ts";
import { filesThatRead, type NamedThing, nameAt, usesEverywhere } from "./names.ts";
import { relativePath } from "./relative-path.ts";
import { allParts, bare } from "./syntax-path.ts";
import type { RenamePlace, RenameResult } from "./types.ts";
import type { Workspace } from "./workspace.ts";

/** Fields are names in other people's data: they are not renamed. */
export function prepareRename(ws: Workspace, path: string, offset: number): RenamePlace | undefined {
  const thing = nameAt(ws, path, offset);
  if (!thing || thing.kind === "field") return undefined;
  return { span: thing.origin, placeholder: thing.name };
}

export function rename(ws: Workspace, path: string, offset: number, newName: string): RenameResult {
  const thing = nameAt(ws, path, offset);
  if (!thing) return { refusal: "There is no name here." };
  if (thing.kind === "field")
    return { refusal: "A field is a name in the data: renaming it would change what is read and written." };
  if (newName === thing.name) return { edits: [] };
  const refusal = whyNot(ws, path, thing, newName);
  if (refusal !== undefined) return { refusal };
  const places = new Map([thing.at, ...usesEverywhere(ws, thing)].map((at) => [`${at.file}:${at.start}`, at]));
  return {
    edits: [...places.values()].map(({ file, start, end }) => ({ file, start, end, newText: newName })),
  };
}

const typePattern = /^[A-Z][A-Za-z0-9_]*$/;

function whyNot(ws: Workspace, path: string, thing: NamedThing, newName: string): string | undefined {
  const isType = thing.kind === "type";
  if (isType ? !typePattern.test(newName) : !namePattern.test(newName))
    return isType
      ? `'${newName}' is no name of a type: it begins with a capital letter, and has letters, digits and '_'.`
      : `'${newName}' is no name: it has small letters, digits and '_', and begins with a letter.`;
  if (isType ? scalarTypeNames.has(newName) : reservedWords.has(newName) || expressionVariables.has(newName))
    return `'${newName}' is a word of the language.`;
  if (!isType && thing.kind !== "variable" && testWords.has(newName))
    return `'${newName}' begins a statement of a test.`;
  if (thing.kind === "pipeline") return undefined;
  for (const file of thing.symbol ? filesThatRead(ws, thing.at.file) : [path]) {
    const taken = ws
      .file(file)
      .model.symbols.find((one) => one.name === newName && one.kind !== "pipeline" && (one.kind === "type") === isType);
    if (taken) return `There is already a ${taken.kind} '${newName}'.`;
  }
  if (thing.kind === "variable" || thing.kind === "alias")
    return isSaidNear(ws, thing, newName) ? `'${newName}' means something else in the same declaration.` : undefined;
  return bindsName(ws, thing, newName)
    ? `'${newName}' is a variable of an expression that uses '${thing.name}'.`
    : undefined;
}

/** The declaration around a local name says the new one already, as a variable, a table, a param or another local. */
function isSaidNear(ws: Workspace, { at }: NamedThing, newName: string): boolean {
  const around = ws.tree(at.file).declarations.find(({ span }) => span.start <= at.start && at.start < span.end);
  if (!around) return false;
  for (const part of allParts(around)) {
    const isIdent = part.kind === "ident" && "name" in part && part.name === newName;
    const isName = part.kind === undefined && "name" in part && isNamed(part.name, newName);
    const isAlias = "alias" in part && isNamed(part.alias, newName);
    if (isIdent || isName || isAlias) return true;
  }
  return false;
}

const isNamed = (value: unknown, name: string): boolean =>
  typeof value === "object" && value !== null && "text" in value && value.text === name;

/** A macro's variable or a parameter of the new name, in a declaration that uses the thing, would take its place. */
function bindsName(ws: Workspace, thing: NamedThing, newName: string): boolean {
  const word = new RegExp(`\\b${newName}\\b`);
  return usesEverywhere(ws, thing).some(({ file, start }) => {
    const { text } = ws.source(file);
    const around = ws.tree(file).declarations.find(({ span }) => span.start <= start && start < span.end);
    const binds =
      around && new RegExp(`[(,]\\s*${newName}\\s*[,:]`).test(text.slice(around.span.start, around.span.end));
    return binds === true && word.test(text);
  });
}

/** The edits by which files go on finding one that moves: its importers, and what it imports itself. */
export function renameFile(ws: Workspace, from: string, to: string): readonly Edit[] {
  return ws.allPaths().flatMap((path) =>
    ws.tree(path).declarations.flatMap((declaration): readonly Edit[] => {
      const written =
        declaration.kind === "import"
          ? declaration.path
          : declaration.kind === "type" && declaration.definition.kind === "from"
            ? declaration.definition.path
            : undefined;
      if (written?.kind !== "string") return [];
      const target = ws.host.resolve(path, written.value);
      if (target !== from && path !== from) return [];
      const now = relativePath(path === from ? to : path, target === from ? to : target);
      if (ws.host.resolve(path === from ? to : path, written.value) === (target === from ? to : target)) return [];
      return [{ file: path, ...bare(written.span), newText: JSON.stringify(now) }];
    }),
  );
}

/** Places that change together while one of them is typed in: a local name and its uses. */
export function linkedEditing(ws: Workspace, path: string, offset: number): readonly Span[] {
  const thing = nameAt(ws, path, offset);
  if (!thing || (thing.kind !== "variable" && thing.kind !== "alias")) return [];
  const spans = new Map([thing.at, ...thing.uses].map((at) => [at.start, bare(at)]));
  return [...spans.values()].sort((a, b) => a.start - b.start);
}
