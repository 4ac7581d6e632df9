/**
 * Checks a program: loads the files, finds what every name means and what type every expression has, and reports what is
 * wrong. The whole way of a file through the checker stands here, phase by phase.
 */
import { findConfig } from "../config/flow-config.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Host } from "../source/host.ts";
import type { SourceText } from "../source/source-text.ts";
import type { Expression } from "../syntax/ast.ts";
import type { Parsed } from "../syntax/parse.ts";
import { checks } from "./checks/checks.ts";
import type { Visible } from "./expressions/scope.ts";
import { settleDiagnostics } from "./ignores.ts";
import type { Model, ModelConnector } from "./model.ts";
import { declareAliases } from "./phases/aliases.ts";
import { declare } from "./phases/declare.ts";
import { checkFunctions } from "./phases/functions.ts";
import { resolveGraph } from "./phases/graph.ts";
import { checkHeaders } from "./phases/headers.ts";
import { load } from "./phases/load.ts";
import { model } from "./phases/model.ts";
import { checkNodes } from "./phases/nodes.ts";
import { declareParams } from "./phases/params.ts";
import { checkTests } from "./phases/tests.ts";
import { declareTypes } from "./phases/types.ts";
import type { CheckMemory, Declared } from "./program.ts";

export interface CheckOptions {
  /** Values of params given from outside, as text. */
  readonly params?: ReadonlyMap<string, string>;
  /** A param may be without a value: it gets one when the pipeline is compiled or run. */
  readonly paramsLater?: boolean;
  /** The flow.config.json to use; by default the nearest one above the file. */
  readonly config?: string;
  /** How the main file is read, when it is not .flow but something else that has a syntax tree: a custom resource. */
  readonly parse?: (source: SourceText) => Parsed;
  /** How .flow is read: an editor keeps the trees of texts that have not changed. */
  readonly parseFlow?: (source: SourceText) => Parsed;
  /** The source of a text: an editor has those of its documents. */
  readonly sourceOf?: (path: string, text: string) => SourceText;
  /** Told of each checked expression of the main file, and of what it sees there: for completion. */
  readonly watch?: (expression: Expression, visible: Visible) => void;
  /** What an earlier check of the file found, and where this one leaves what it finds. */
  readonly memory?: CheckMemory;
  /** What only later phases can find, asked when the program is without errors and every param has a value. */
  readonly later?: (model: Model) => readonly Diagnostic[];
}

export interface Checked {
  readonly model: Model;
  /** By file, place and code. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that a diagnostic may point into, by path. */
  readonly sources: ReadonlyMap<string, SourceText>;
}

/** Never throws for a wrong program. The model is whole only when no diagnostic is an error. */
export function check(path: string, host: Host, options: CheckOptions = {}): Checked {
  const program = { ...load(path, host, options.parse, options.parseFlow, options.sourceOf), watch: options.watch };
  const names = declare(program);
  const { memory } = options;
  const types =
    memory?.types({ program, names }, (reads) => declareTypes(program, names, reads)) ?? declareTypes(program, names);
  const params = declareParams(program, names, types, options.params ?? new Map(), options.paramsLater ?? false);
  const defaults = new Map<string, ModelConnector>();
  const bare = { program, names, types, params, tables: new Map(), defaults, memory };
  const functions = memory?.functions(bare, () => checkFunctions(bare)) ?? checkFunctions(bare);
  const declared: Declared = { ...bare, functions, inlining: { types, params, functions } };
  const header = checkHeaders(declared, defaults);
  const graph = resolveGraph(program, names);
  declareAliases(declared, graph);
  checkNodes(graph.order, declared);
  const tests = checkTests(declared, graph);
  const config = findConfig(path, host, options.config);
  if (config.source) {
    program.dependencies.add(config.source.path);
    program.sources.set(config.source.path, config.source);
  }
  program.diagnostics.push(...config.diagnostics);
  const checked = { declared, graph, header };
  for (const run of checks) run(checked);
  const built = model(checked, tests);
  memory?.end();
  if (options.later && isWhole(built, program.diagnostics)) program.diagnostics.push(...options.later(built));
  return {
    model: built,
    diagnostics: settleDiagnostics(program, config.levels),
    sources: program.sources,
  };
}

const isWhole = ({ params }: Model, found: readonly Diagnostic[]): boolean =>
  found.every(({ severity }) => severity !== "error") && [...params.values()].every(({ value }) => value !== undefined);
