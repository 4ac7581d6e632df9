/** `attributes { type: …, subject: … }`: sets CloudEvent attributes. The variable is put back by the step once the event has left it. */

import type { Kind } from "../../compiler/contract/expr-tree.ts";
import { keepBareNames, markBare } from "../codec/bare-attributes.ts";
import { literal } from "../engine/stage-code.ts";
import { EvaluationError } from "../expr/evaluation-error.ts";
import type { EmitOperator } from "./operator.ts";

export const emitAttributes: EmitOperator<"attributes"> = (plan, step) => {
  const { code, services } = step;
  const before = code.name("before");
  const bare: string[] = [];
  const fields = plan.values.map(({ name, value }) => {
    const held = code.name("attribute");
    if (bareKinds.has(value.kind) && !textAttributes.has(name)) {
      const raw = code.name("value");
      code.line(`const ${raw} = ${step.expression(value, "any")};`);
      code.line(`const ${held} = ${code.bind(attributeText)}(${literal(name)}, ${raw});`);
      bare.push(`${code.bind(isBare)}(${raw}) ? ${literal(name)} : ""`);
    } else
      code.line(`const ${held} = ${code.bind(attributeText)}(${literal(name)}, ${step.expression(value, "any")});`);
    return `[${literal(name)}]: ${held}`;
  });
  code.line(`const ${before} = ${services.attributes};`);
  code.line(`${services.attributes} = { ...${before}, ${fields.join(", ")} };`);
  code.line(
    `${code.bind(markSet)}(${before}, ${services.attributes}, { ${fields.join(", ")} }, [${bare.join(", ")}]);`,
  );
};

const bareKinds: ReadonlySet<Kind> = new Set(["int", "bool", "any"]);

/** Source: CloudEvents 1.0, required and optional attributes: none of them is an integer or a boolean. */
const textAttributes: ReadonlySet<string> = new Set([
  "id",
  "source",
  "type",
  "subject",
  "time",
  "datacontenttype",
  "dataschema",
]);

/** Source: CloudEvents 1.0, type system: an Integer has 32 bits; a larger one can only be text. */
const isBare = (value: unknown): boolean =>
  typeof value === "boolean" || (typeof value === "number" && (value | 0) === value);

function markSet(before: Texts | undefined, after: Texts, set: Texts, names: readonly string[]): void {
  const bare = names.filter((name) => name !== "");
  if (bare.length > 0) markBare(set, new Set(bare));
  keepBareNames(before, set, after);
}

type Texts = Readonly<Record<string, string>>;

/** CloudEvent attributes travel as text. Source: CloudEvents 1.0, type system. @throws EvaluationError for what has no text form. */
export function attributeText(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  const json: unknown =
    typeof value === "object" && value !== null && !(value instanceof Map) && "toJSON" in value
      ? JSON.parse(JSON.stringify(value))
      : undefined;
  if (typeof json === "string" || typeof json === "number") return String(json);
  throw new EvaluationError(
    "no-such-overload",
    `attribute '${name}' must be a string, a number, a bool, bytes or a timestamp`,
  );
}
