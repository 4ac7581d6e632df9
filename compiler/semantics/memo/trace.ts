/** What a piece of the check leaves behind beside its result: diagnostics, uses of names, types of expressions. */
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { Span } from "../../source/span.ts";
import type { Input } from "../../syntax/ast.ts";
import { isWithin, movedDiagnostic } from "../../syntax/incremental/spans.ts";
import { isBroken, type Names, type Program, type SymbolEntry, type Use, use, usesDuring } from "../program.ts";
import type { TypedPart } from "../typed-expressions.ts";

export interface Trace {
  /** Where the declaration began when this was found. */
  readonly start: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly uses: readonly Omit<Use, "symbol">[];
  readonly symbols: readonly SymbolName[];
  readonly typed: TypedPart;
}

export interface Place {
  readonly program: Program;
  readonly names: Names;
}

/** Symbols are made anew in each check. */
type SymbolName =
  | { readonly kind: "type" | "value"; readonly name: string }
  | { readonly kind: "alias"; readonly input: Input };

/**
 * Does the work. Undefined when it left something that stands elsewhere, or that comes of what could not be parsed.
 * @param at of the declaration; undefined for several at once, which may then leave no diagnostics.
 */
export function traced({ program }: Place, at: Span | undefined, work: () => void): Trace | undefined {
  const before = program.diagnostics.length;
  const typed = program.typed.begin();
  const uses = usesDuring(work);
  program.typed.end();
  const diagnostics = program.diagnostics.slice(before);
  const isOwn =
    at === undefined
      ? diagnostics.length === 0
      : !isBroken(program.main, at) && diagnostics.every((one) => isWithin(one, program.path, at));
  if (!isOwn) return undefined;
  return {
    start: at?.start ?? 0,
    diagnostics,
    uses: uses.map(({ file, span }) => ({ file, span })),
    symbols: uses.map(({ symbol }) => nameOf(symbol)),
    typed,
  };
}

export function replay(trace: Trace, { program, names }: Place, at?: Span): void {
  const by = at === undefined ? 0 : at.start - trace.start;
  for (const one of trace.diagnostics) program.diagnostics.push(by === 0 ? one : movedDiagnostic(one, by));
  program.typed.addPart(trace.typed);
  for (const [i, { file, span }] of trace.uses.entries()) {
    const symbol = symbolOf(trace.symbols[i]!, names);
    if (symbol) use(symbol, file, span);
  }
}

function nameOf({ kind, name, declaration }: SymbolEntry): SymbolName {
  if (kind === "type") return { kind, name };
  return kind === "alias" ? { kind, input: declaration as Input } : { kind: "value", name };
}

function symbolOf(name: SymbolName, names: Names): SymbolEntry | undefined {
  if (name.kind === "alias") return names.aliases.get(name.input);
  return (name.kind === "type" ? names.types : names.values).get(name.name);
}
