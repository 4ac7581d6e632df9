/** String functions on strings, and patterns that are constants, which are compiled once. */
import type { CallTree, ExprTree, Kind } from "../../../compiler/contract/expr-tree.ts";
import { EvaluationError } from "../evaluation-error.ts";
import { extract, extractAll, matches, replaceAll } from "../library/regex.ts";
import { replace, split } from "../library/strings.ts";
import { lowerAscii, textSize, trimText, upperAscii } from "../library/text.ts";
import { patternOf } from "../regex/pattern.ts";
import { Optional } from "../values/optional.ts";
import type { Emit } from "./context.ts";

export function inlineText(emit: Emit, tree: CallTree): string | undefined {
  return inlineSize(emit, tree) ?? inlineMethod(emit, tree) ?? inlinePattern(emit, tree);
}

function inlineSize(emit: Emit, tree: CallTree): string | undefined {
  const [of] = tree.args;
  if (tree.fn !== "size" || of === undefined) return undefined;
  if (of.kind === "list") return `${emit.value(of)}.length`;
  return of.kind === "string" ? `${emit.ref(textSize)}(${emit.value(of)})` : undefined;
}

/** Library functions that take strings and indexes as they are. */
const functions: Readonly<Record<string, readonly [run: unknown, ...kinds: readonly Kind[]]>> = {
  lowerAscii: [lowerAscii, "string"],
  upperAscii: [upperAscii, "string"],
  trim: [trimText, "string"],
  replace: [replace, "string", "string", "string"],
  split: [split, "string", "string"],
};

function inlineMethod(emit: Emit, tree: CallTree): string | undefined {
  const [text, part] = tree.args;
  if (text !== undefined && part !== undefined && areKinds(tree.args, ["string", "string"])) {
    const test = inlineTest(emit, tree.fn, text, part);
    if (test !== undefined) return test;
  }
  if (tree.fn === "split" && areKinds(tree.args, ["string", "string"]) && part?.op === "const" && part.value !== "")
    return `${emit.value(text as ExprTree)}.split(${emit.value(part)})`;
  const row = functions[tree.fn];
  if (row === undefined || !areKinds(tree.args, row.slice(1) as readonly Kind[])) return undefined;
  return `${emit.ref(row[0])}(${tree.args.map((arg) => emit.value(arg)).join(", ")})`;
}

/** JavaScript's `includes` and `endsWith` say the same, slower. */
function inlineTest(emit: Emit, fn: string, text: ExprTree, part: ExprTree): string | undefined {
  if (fn === "startsWith") return `${emit.value(text)}.startsWith(${emit.value(part)})`;
  if (fn === "contains") return `(${emit.value(text)}.indexOf(${emit.value(part)}) >= 0)`;
  if (fn !== "endsWith") return undefined;
  const whole = emit.atom(emit.value(text));
  const end = emit.atom(emit.value(part));
  return `(${whole}.length >= ${end}.length && ${whole}.startsWith(${end}, ${whole}.length - ${end}.length))`;
}

function areKinds(args: readonly ExprTree[], kinds: readonly Kind[]): boolean {
  return args.length === kinds.length && args.every((arg, index) => arg.kind === kinds[index]);
}

/** Where the pattern stands among the arguments is the same for all. */
function inlinePattern(emit: Emit, tree: CallTree): string | undefined {
  const [text, source, replacement, count] = tree.args;
  if (text?.kind !== "string" || source?.op !== "const" || source.kind !== "string") return undefined;
  const pattern = constantPattern(emit, String(source.value));
  const subject = () => emit.value(text);
  if (tree.fn === "matches") return `${emit.ref(matches)}(${pattern}, ${subject()})`;
  if (tree.fn === "regex.extract") return `${emit.ref(Optional.of)}(${emit.ref(extract)}(${pattern}, ${subject()}))`;
  if (tree.fn === "regex.extractAll") return `${emit.ref(extractAll)}(${pattern}, ${subject()})`;
  if (tree.fn !== "regex.replace" || replacement?.kind !== "string" || count !== undefined) return undefined;
  return `${emit.ref(replaceAll)}(${pattern}, ${subject()}, ${emit.value(replacement)}, -1)`;
}

/** A pattern that is wrong fails when it is used, like every other wrong argument. */
function constantPattern(emit: Emit, source: string): string {
  try {
    return emit.ref(patternOf(source));
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return `${emit.ref(patternOf)}(${JSON.stringify(source)})`;
  }
}
