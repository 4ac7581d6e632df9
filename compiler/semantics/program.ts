/**
 * What the phases of the check share: the files, where to report, and what is declared so far. Each phase adds its part;
 * nothing here is visible outside `semantics/`.
 */
import type { TypeTable, ValueType } from "../contract/value-type.ts";
import { type Diagnostic, type Report, reporter } from "../source/diagnostic.ts";
import type { Host } from "../source/host.ts";
import type { SourceText } from "../source/source-text.ts";
import type { Span } from "../source/span.ts";
import type {
  Expression,
  FnDeclaration,
  ImportDeclaration,
  Input,
  NodeDeclaration,
  SourceFile,
  TestDeclaration,
} from "../syntax/ast.ts";
import type { Visible } from "./expressions/scope.ts";
import type { Inlining } from "./inline.ts";
import type { Constant, ModelConnector, ModelSymbol, ModelTest } from "./model.ts";
import type { NodeEntry } from "./node-entry.ts";
import type { TypedExpressions } from "./typed-expressions.ts";

export interface ProgramFile {
  readonly path: string;
  readonly source: SourceText;
  readonly tree: SourceFile;
  readonly report: Report;
  /** The parser found mistakes in it: what may only be missing because of them is not reported. */
  readonly broken: boolean;
  /** What the parser found. */
  readonly problems: readonly Diagnostic[];
  /** Its imports, with the file each names; undefined when it could not be read. */
  readonly imports: { readonly declaration: ImportDeclaration; readonly file: string | undefined }[];
}

/** A symbol whose uses are still being collected. */
export interface SymbolEntry extends ModelSymbol {
  readonly uses: { file: string; start: number; end: number }[];
}

export interface ParamEntry {
  readonly symbol: SymbolEntry;
  readonly type: ValueType;
  readonly value: Constant | undefined;
  /** It has no value yet, and that is no mistake: it gets one when the pipeline is compiled or run. */
  readonly comesLater?: boolean;
}

export interface Program {
  readonly host: Host;
  readonly path: string;
  /** Each file after those it imports; the main file is last. */
  readonly files: readonly ProgramFile[];
  readonly main: ProgramFile;
  readonly sources: Map<string, SourceText>;
  readonly diagnostics: Diagnostic[];
  readonly dependencies: Set<string>;
  readonly typed: TypedExpressions;
  /** Told of each checked expression of the main file, and of what it sees there. */
  readonly watch: ((expression: Expression, visible: Visible) => void) | undefined;
  /** The main file is no .flow but a custom resource: fixes, which write .flow, would not fit. */
  readonly isResource: boolean;
}

/** Names of the whole program: imported files and the main one share them. */
export interface Names {
  readonly symbols: SymbolEntry[];
  readonly types: Map<string, SymbolEntry>;
  /** Of the inputs of joins. */
  readonly aliases: Map<Input, SymbolEntry>;
  /** Nodes, tables, params and functions. */
  readonly values: Map<string, SymbolEntry>;
  /** Not to be called unused: the mistake in them is reported already. */
  readonly meant: Set<SymbolEntry>;
  /** The nodes of the main file, second ones of a name too: they are checked, but nobody can refer to them. */
  readonly nodes: NodeDeclaration[];
}

/** What an earlier check found, for one check: each part is asked for by its phase, with the way to find it anew. */
export interface CheckMemory {
  /** The same object as long as nothing changes that types are made of. */
  types(
    place: { readonly program: Program; readonly names: Names },
    make: (reads: Map<string, string | undefined>) => TypeTable,
  ): TypeTable;
  functions(
    declared: Omit<Declared, "functions" | "inlining">,
    make: () => ReadonlyMap<string, FnDeclaration>,
  ): ReadonlyMap<string, FnDeclaration>;
  /** To be called when all is declared and the tables are checked, before a node or test is asked for. */
  surround(declared: Declared): void;
  /** Gives the node what is known of it, or has it checked. */
  node(node: NodeEntry, declared: Declared, check: () => void): void;
  /** @param check is handed a map to write down in what each name stood for. */
  test(
    declaration: TestDeclaration,
    declared: Declared,
    nodes: ReadonlyMap<string, NodeEntry>,
    check: (asked: Map<string, NodeEntry | undefined>) => ModelTest,
  ): ModelTest;
  /** All is checked. */
  end(): void;
}

/** Everything an expression or a clause may refer to. */
export interface Declared {
  readonly program: Program;
  readonly names: Names;
  readonly types: TypeTable;
  readonly params: ReadonlyMap<string, ParamEntry>;
  readonly functions: ReadonlyMap<string, FnDeclaration>;
  readonly tables: Map<string, { readonly row: ValueType; readonly key: ValueType }>;
  readonly defaults: ReadonlyMap<string, ModelConnector>;
  /** What the texts of expressions are made with. */
  inlining: Inlining;
  /** What an earlier check of much the same file found. */
  readonly memory: CheckMemory | undefined;
}

export const reportIn = (program: Pick<Program, "diagnostics">, file: string): Report =>
  reporter(file, program.diagnostics);

/** One use of a name; `span` is the tree's own. */
export interface Use {
  readonly symbol: SymbolEntry;
  readonly file: string;
  readonly span: Span;
}

let recorded: Use[] | undefined;

export function use(symbol: SymbolEntry, file: string, span: Span): void {
  symbol.uses.push({ file, start: span.start, end: span.end });
  recorded?.push({ symbol, file, span });
}

/** The uses that are told of while the work is done. */
export function usesDuring(work: () => void): readonly Use[] {
  const uses: Use[] = [];
  recorded = uses;
  try {
    work();
  } finally {
    recorded = undefined;
  }
  return uses;
}

/** The parser found a mistake inside the span. */
export const isBroken = (file: ProgramFile, span: Span): boolean =>
  file.problems.some(({ at }) => at.start <= span.end && at.end >= span.start);
