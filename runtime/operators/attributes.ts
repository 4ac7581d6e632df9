/** `attributes { type: …, subject: … }`: sets CloudEvent attributes. The variable is put back by the step once the event has left it. */

import { literal } from "../engine/stage-code.ts";
import { EvaluationError } from "../expr/evaluation-error.ts";
import type { EmitOperator } from "./operator.ts";

export const emitAttributes: EmitOperator<"attributes"> = (plan, step) => {
  const { code, services } = step;
  const fields = plan.values.map(({ name, value }) => {
    const held = code.name("attribute");
    code.line(`const ${held} = ${code.bind(attributeText)}(${literal(name)}, ${step.expression(value, "any")});`);
    return `[${literal(name)}]: ${held}`;
  });
  code.line(`${services.attributes} = { ...${services.attributes}, ${fields.join(", ")} };`);
};

/** CloudEvent attributes travel as text. Source: CloudEvents 1.0, type system. @throws EvaluationError for what has no text form. */
export function attributeText(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  const json: unknown =
    typeof value === "object" && value !== null && "toJSON" in value ? JSON.parse(JSON.stringify(value)) : undefined;
  if (typeof json === "string" || typeof json === "number") return String(json);
  throw new EvaluationError(
    "no-such-overload",
    `attribute '${name}' must be a string, a number, a bool, bytes or a timestamp`,
  );
}
