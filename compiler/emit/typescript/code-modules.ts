/**
 * The modules that TypeScript checks the `code` of steps with: the user's text as it is, but for a comment before what it exports that says what it is called
 * with; and the types. Where a finding is in the .flow file tells `placeInCode`.
 */
import type { TypeTable, ValueType } from "../../contract/value-type.ts";
import type { CodeStep } from "./code-steps.ts";
import { type Direction, namedTypes, typeText } from "./type-text.ts";

export interface CodeModule {
  /** Of the user's text, in the folder that TypeScript is run in. */
  readonly path: string;
  readonly step: CodeStep;
  /** What is inserted before the export: offset and length. */
  readonly inserted: { readonly at: number; readonly length: number } | undefined;
}

export interface CodeModules {
  readonly modules: readonly CodeModule[];
  /** All files by path, `tsconfig.json` too. */
  readonly files: ReadonlyMap<string, string>;
}

const eventPath = "event.ts";

export function codeModules(steps: readonly CodeStep[], types: TypeTable): CodeModules {
  const files = new Map([[eventPath, eventModule]]);
  const modules = steps.map((step, i): CodeModule => {
    const path = `step-${i}.js`;
    const at = exportIn(step.source);
    const typesPath = `step-${i}.types.ts`;
    const comment = `/** @type {import("./${typesPath}").Step} */`;
    files.set(`step-${i}.given.ts`, typeModule("Given", step.given, "given", types));
    files.set(`step-${i}.result.ts`, typeModule("Result", step.result ?? { kind: "any" }, "result", types));
    files.set(typesPath, stepModule(i));
    files.set(path, at === undefined ? step.source : `${step.source.slice(0, at)}${comment}${step.source.slice(at)}`);
    return { path, step, inserted: at === undefined ? undefined : { at, length: comment.length } };
  });
  files.set(
    "tsconfig.json",
    JSON.stringify({ compilerOptions, files: [eventPath, ...modules.map(({ path }) => path)] }),
  );
  return { modules, files };
}

/** Where the exported function begins, at the beginning of a line. In a comment or a string the inserted comment harms nothing. */
function exportIn(source: string): number | undefined {
  const found =
    /^[ \t]*export[ \t]+default\b/m.exec(source) ??
    /^[ \t]*export[ \t]+(?:async|function|const|let|var)\b/m.exec(source);
  return found === null ? undefined : found.index + found[0].indexOf("export");
}

/** Offset in the user's text of a place in the module; line and column from 0. */
export function placeInCode({ step, inserted }: CodeModule, line: number, column: number): number {
  let start = 0;
  for (let passed = 0; passed < line; passed++) {
    const end = step.source.indexOf("\n", start);
    if (end < 0) return step.source.length;
    start = end + 1;
  }
  const end = step.source.indexOf("\n", start);
  const isLonger = inserted !== undefined && inserted.at >= start && (end < 0 || inserted.at <= end);
  const behind =
    isLonger && start + column > inserted.at ? Math.max(inserted.at, start + column - inserted.length) : start + column;
  return Math.min(behind, end < 0 ? step.source.length : end);
}

const typeModule = (name: string, type: ValueType, direction: Direction, types: TypeTable): string =>
  `${namedTypes(types, direction)}export type ${name} = ${typeText(type, direction)};\n`;

const stepModule = (i: number): string =>
  `import type { StepOf } from "./${eventPath}";
import type { Given } from "./step-${i}${".given.ts"}";
import type { Result } from "./step-${i}${".result.ts"}";
export type Step = StepOf<Given, Result>;
`;

const eventModule = `export interface FlowEvent<Data> {
  data: Data;
  id: string;
  source: string;
  type: string;
  specversion: string;
  time: string;
  subject?: string;
  datacontenttype?: string;
  dataschema?: string;
  with<Changed = Data>(changes: { data?: Changed; [attribute: string]: unknown }): FlowEvent<Changed>;
  [attribute: string]: unknown;
}
type ResultOf<Result> = Result | FlowEvent<Result> | undefined | void;
export type StepOf<Given, Result> = (
  event: FlowEvent<Given>,
) => ResultOf<Result> | PromiseLike<ResultOf<Result>> | Iterator<ResultOf<Result>> | AsyncIterator<ResultOf<Result>>;
declare global {
  const Buffer: any;
}
`;

const compilerOptions = {
  allowJs: true,
  checkJs: true,
  noEmit: true,
  strict: true,
  noImplicitAny: false,
  useUnknownInCatchVariables: false,
  target: "esnext",
  module: "esnext",
  moduleResolution: "bundler",
  moduleDetection: "force",
  allowImportingTsExtensions: true,
  lib: ["esnext", "webworker"],
  types: [],
  skipLibCheck: true,
};
