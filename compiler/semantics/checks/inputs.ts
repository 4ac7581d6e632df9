/** FLOW4010–4012: nodes without inputs, inputs and types where none belong, and the same input twice. */
import type { NodeEntry } from "../node-entry.ts";
import { typedOperator } from "../operator-types.ts";
import { isBroken } from "../program.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";

export const inputs: Check = (checked) => {
  for (const node of checked.graph.nodes) {
    checkPresence(node, checked);
    checkRepetition(node, checked);
  }
};

function checkPresence(node: NodeEntry, { declared }: CheckedProgram): void {
  const { main } = declared.program;
  const { name, kind, declaration } = node;
  const reads = kind !== "source" && kind !== "table";
  const span = declaration.name.span;
  if (reads && declaration.inputs.length === 0 && !isBroken(main, declaration.span))
    main.report("FLOW4011", span, { name, kind });
  const first = declaration.inputs[0];
  if (!reads && first) main.report("FLOW4012", first.span, { name, kind, what: "inputs: it reads from outside" });
  if (reads && declaration.type && !hasUserCode(node))
    main.report("FLOW4012", declaration.type.span, {
      name,
      kind,
      what:
        kind === "step"
          ? "a type of its own: it follows from what it reads and does, as no 'process', 'container' or 'code' answers here"
          : "a type of its own: it follows from what it reads",
    });
}

/** Also where an operator is misspelt, which may be one. */
const hasUserCode = ({ kind, declaration }: NodeEntry): boolean =>
  kind === "step" &&
  (typedOperator(declaration) !== undefined || declaration.clauses.some(({ row }) => row === undefined));

function checkRepetition(node: NodeEntry, { declared }: CheckedProgram): void {
  if (node.inputs.length < 2) return;
  const seen = new Set<string>();
  for (const input of node.inputs) {
    if (!input.node || input.syntax.where || input.otherwise || input.alias !== undefined) continue;
    const key = `${input.node.name}.${input.output}`;
    if (seen.has(key))
      declared.program.main.report("FLOW4010", input.syntax.span, { name: input.node.name, node: node.name });
    seen.add(key);
  }
}
