/** Reads and parses the main file and everything it imports, each file once. Reports missing files and cycles. */
import type { Diagnostic } from "../../source/diagnostic.ts";
import { reporter } from "../../source/diagnostic.ts";
import type { Host } from "../../source/host.ts";
import { type SourceText, sourceText } from "../../source/source-text.ts";
import type { ImportDeclaration } from "../../syntax/ast.ts";
import { parse } from "../../syntax/parse.ts";
import type { Program, ProgramFile } from "../program.ts";
import { TypedExpressions } from "../typed-expressions.ts";

/** Imports deeper than this are refused, so that no chain of files can exhaust the stack. */
const maximumDepth = 100;

interface Loading {
  readonly host: Host;
  /** Reads the main file; what it imports is .flow. */
  readonly parseMain: typeof parse;
  readonly parseFlow: typeof parse;
  readonly sourceOf: typeof sourceText;
  readonly diagnostics: Diagnostic[];
  readonly sources: Map<string, SourceText>;
  readonly dependencies: Set<string>;
  readonly done: Map<string, ProgramFile>;
  /** The files being loaded, from the main one down. */
  readonly stack: string[];
}

/** @param sourceOf makes a source of a text: an editor has those of its documents. */
export function load(
  path: string,
  host: Host,
  parseMain?: typeof parse,
  parseFlow: typeof parse = parse,
  sourceOf: typeof sourceText = sourceText,
): Program {
  const loading: Loading = {
    host,
    parseMain: parseMain ?? parseFlow,
    parseFlow,
    sourceOf,
    diagnostics: [],
    sources: new Map(),
    dependencies: new Set(),
    done: new Map(),
    stack: [],
  };
  const main = loadFile(loading, sourceOf(path, host.readFile(path) ?? ""));
  const { done, diagnostics, sources, dependencies } = loading;
  return {
    host,
    diagnostics,
    sources,
    dependencies,
    path,
    main,
    files: [...done.values()],
    typed: new TypedExpressions(),
    isResource: parseMain !== undefined,
    watch: undefined,
  };
}

function loadFile(loading: Loading, source: SourceText): ProgramFile {
  const { path } = source;
  loading.sources.set(path, source);
  const { file: tree, diagnostics } = (loading.stack.length === 0 ? loading.parseMain : loading.parseFlow)(source);
  loading.diagnostics.push(...diagnostics);
  const imports: ProgramFile["imports"] = [];
  const file: ProgramFile = {
    path,
    source,
    tree,
    imports,
    report: reporter(path, loading.diagnostics),
    broken: diagnostics.some((d) => d.severity === "error"),
    problems: diagnostics,
  };
  loading.stack.push(path);
  for (const declaration of tree.declarations) {
    if (declaration.kind === "import") imports.push({ declaration, file: loadImport(loading, file, declaration) });
  }
  loading.stack.pop();
  loading.done.set(path, file);
  return file;
}

function loadImport(loading: Loading, from: ProgramFile, declaration: ImportDeclaration): string | undefined {
  const { path: written } = declaration;
  if (written.kind !== "string") return undefined;
  const path = loading.host.resolve(from.path, written.value);
  loading.dependencies.add(path);
  const cycleStart = loading.stack.indexOf(path);
  if (cycleStart >= 0) {
    const cycle = [...loading.stack.slice(cycleStart), path].map(shortPath).join(" → ");
    from.report("FLOW2022", written.span, { cycle });
    return undefined;
  }
  if (loading.done.has(path)) return path;
  const text = loading.stack.length < maximumDepth ? loading.host.readFile(path) : undefined;
  if (text === undefined) {
    from.report("FLOW2021", written.span, { path: written.value, what: "import" });
    return undefined;
  }
  loadFile(loading, loading.sourceOf(path, text));
  return path;
}

const shortPath = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
