/** `expand list`: one event per element; `data` is the element, and elements fail one by one. */
import { EvaluationError } from "../expr/evaluation-error.ts";
import type { EmitOperator } from "./operator.ts";
import { Ownership } from "./ownership.ts";

export const emitExpand: EmitOperator<"expand"> = (plan, step) => {
  const { code } = step;
  const list = code.name("list");
  code.line(
    `${list} = ${step.expression(plan.list, "typed")};`,
    `if (!Array.isArray(${list})) throw ${code.bind(notList)}();`,
  );
  step.split((call) => {
    const index = code.name("index");
    const inner = code.name("inner");
    const { element } = step.services;
    const outer = code.name("outer");
    code.line(
      `const ${outer} = ${element};`,
      `const ${inner} = { outer: ${outer}, index: 0 };`,
      `${element} = ${inner};`,
    );
    code.line(`for (let ${index} = 0; ${index} < ${list}.length; ${index}++) {`);
    // One object per list, not per element; it becomes text only where an id is asked for.
    code.line(`${inner}.index = ${index};`, call(`${list}[${index}]`), "}", `${element} = ${outer};`);
  }, list);
  step.ownership = Ownership.none;
};

const notList = (): EvaluationError => new EvaluationError("no-such-overload", "expand needs a list");
