/** A step becomes two, cut before the operator at the cursor. The second keeps the name, so that whoever reads it stays as it is. */

import { typedOperator } from "../../semantics/operator-types.ts";
import type { NodeDeclaration } from "../../syntax/ast.ts";
import { holds } from "../syntax-path.ts";
import { freeName } from "./free-names.ts";
import { impossible, type Place, type Refactorer } from "./refactoring.ts";
import { bodyOf, declarationAt, isNode, withComments } from "./selected.ts";
import { cutBefore, inputsText, operatorsOf, othersOf } from "./step-parts.ts";

const kind = "refactor.rewrite.split";

export const splitStep: Refactorer = (place) => {
  const step = declarationAt(place);
  if (!isNode(step) || step.kind !== "step" || step.name.text === "" || step.inputs.length === 0) return [];
  const operators = operatorsOf(step);
  const at = operators.findIndex(({ span }) => holds(span, place.span.start));
  const clause = operators[at];
  if (clause === undefined || at < 1) return [];
  const title = `Split step '${step.name.text}' before '${clause.keyword.text}'`;
  const reason = reasonAgainst(step, place);
  if (reason) return [impossible(title, kind, reason)];
  return [
    {
      title,
      kind,
      edits: () => {
        const { analysis, path, text } = place;
        const name = freeName(`${step.name.text}_before_${clause.keyword.text}`.slice(0, 45), analysis.model);
        const body = bodyOf(analysis.tree, text, step);
        const cut = cutBefore(place, step, clause);
        const start = withComments(analysis.tree, text, step).start;
        const { type } = step;
        const typed = typedOperator(step);
        // The type goes with the program that it is of.
        const moves = type !== undefined && typed !== undefined && typed.span.start < clause.span.start;
        const typeText = moves ? text.slice(step.name.span.end, type.span.end) : "";
        const first = `step ${name}${typeText} from ${inputsText(place, step)} {\n${text.slice(body.start, cut)}\n}\n\n`;
        const [input, last] = [step.inputs[0]!, step.inputs.at(-1)!];
        return [
          { file: path, start, end: start, newText: first },
          ...(moves ? [{ file: path, start: step.name.span.end, end: type.span.end, newText: "" }] : []),
          { file: path, start: input.span.start, end: last.span.end, newText: name },
          { file: path, start: body.start, end: cut, newText: "\n" },
        ];
      },
    },
  ];
};

function reasonAgainst(step: NodeDeclaration, { analysis: { model } }: Place): string | undefined {
  const [other] = othersOf(step);
  if (other) return `It says '${other.keyword.text}', which would have to be said of one or of both.`;
  const { name } = step;
  const node = model.nodes.find((one) => one.declaration === step);
  const reader = node?.readers.find(({ input }) => input.output === "errors");
  if (reader) return `'${reader.node.name}' reads '${name.text}.errors', and would miss those of the first part.`;
  const looks = model.tests.some(({ statements }) =>
    statements.some((one) => one.kind === "expect" && one.node === node && one.output === "errors"),
  );
  return looks ? `A test looks at '${name.text}.errors', and would miss those of the first part.` : undefined;
}
