/**
 * `&&`, `||`, `!` and `?:`. CEL's logic is commutative in errors: an operand that decides the result outweighs the error of
 * another one. So an operand that can fail is tried, its error kept, and thrown only when no later operand decides.
 */
import type { ExprTree, IfTree, LogicTree } from "../../../compiler/contract/expr-tree.ts";
import { coerceBool } from "../coerce.ts";
import type { Emit } from "./context.ts";
import { convert } from "./emit-kinds.ts";
import { mayFail } from "./may-fail.ts";

export function emitCondition(emit: Emit, tree: ExprTree): string {
  const js = emit.value(tree);
  return tree.kind === "bool" ? js : `${emit.ref(coerceBool)}(${js})`;
}

export function emitLogic(emit: Emit, tree: LogicTree): string {
  const operands = chain(tree, tree.op);
  const last = operands.length - 1;
  const anyTried = operands.some((operand, index) => index < last && canFail(operand));
  const parts = operands.map((operand) => ({ operand, ...emit.nested(() => emitCondition(emit, operand)) }));
  if (!anyTried && parts.every((part) => part.lines.length === 0))
    return `(${parts.map((part) => part.value).join(tree.op === "and" ? " && " : " || ")})`;
  return emitSteps(emit, tree.op, parts);
}

interface Part {
  readonly operand: ExprTree;
  readonly lines: readonly string[];
  readonly value: string;
}

function emitSteps(emit: Emit, op: "and" | "or", parts: readonly Part[]): string {
  const result = emit.temp();
  const undecided = op === "and" ? result : `!${result}`;
  emit.line(`${result} = ${op === "and"};`);
  let error: string | undefined;
  for (const [index, part] of parts.entries()) {
    const body = [...part.lines, `${result} = ${part.value};`].join(" ");
    const isLast = index === parts.length - 1;
    if (!isLast && canFail(part.operand)) {
      if (error === undefined) {
        error = emit.temp();
        emit.line(`${error} = undefined;`);
      }
      const tried = `try { ${body} } catch (e) { ${error} = e; }`;
      emit.line(index === 0 ? tried : `if (${undecided}) { ${tried} }`);
    } else emit.line(index === 0 ? body : `if (${undecided}) { ${body} }`);
  }
  if (error !== undefined) emit.line(`if (${undecided} && ${error} !== undefined) throw ${error};`);
  return result;
}

/** `a && b && c` as one list, however it is grouped. */
function chain(tree: ExprTree, op: "and" | "or"): readonly ExprTree[] {
  return tree.op === op ? [...chain(tree.left, op), ...chain(tree.right, op)] : [tree];
}

function canFail(tree: ExprTree): boolean {
  return tree.kind !== "bool" || mayFail(tree);
}

export function emitIf(emit: Emit, tree: IfTree): string {
  const test = emitCondition(emit, tree.test);
  const branch = (of: ExprTree) => emit.nested(() => convert(emit, emit.value(of), of.kind, tree.kind));
  const whenTrue = branch(tree.then);
  const whenFalse = branch(tree.else);
  if (whenTrue.lines.length === 0 && whenFalse.lines.length === 0)
    return `(${test} ? ${whenTrue.value} : ${whenFalse.value})`;
  const result = emit.temp();
  emit.line(`if (${test}) { ${whenTrue.lines.join(" ")} ${result} = ${whenTrue.value}; }`);
  emit.line(`else { ${whenFalse.lines.join(" ")} ${result} = ${whenFalse.value}; }`);
  return result;
}
