/** Schema nodes as structural schemas of Kubernetes: closed by pruning, choices and rules as CEL. */
import type { CrObject, CrValue } from "../../contract/pipeline.ts";
import { headOf, plainSchema } from "./plain-schema.ts";
import type { Choose, ObjectNode, SchemaNode } from "./schema-node.ts";

export function structural(node: SchemaNode): CrObject {
  const head = headOf(node);
  switch (node.kind) {
    case "string":
    case "number":
    case "boolean":
      return plainSchema(node);
    case "integer":
      return { ...plainSchema(node), format: "int64" };
    case "list":
      return {
        ...head,
        type: "array",
        ...(node.minItems === undefined ? {} : { minItems: node.minItems }),
        maxItems: node.maxItems,
        ...(node.key === undefined
          ? {}
          : { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [node.key] }),
        items: structural(node.items),
      };
    case "map":
      return { ...head, type: "object", maxProperties: node.maxFields, additionalProperties: structural(node.values) };
    case "any":
      return { ...head, ...(node.object ? { type: "object" } : {}), "x-kubernetes-preserve-unknown-fields": true };
    case "flag_or_object":
      return { ...head, "x-kubernetes-preserve-unknown-fields": true };
    case "object":
      return structuralObject(node, head);
  }
}

function structuralObject(node: ObjectNode, head: CrObject): CrObject {
  const fields = Object.entries(node.fields);
  const rules = [...(node.choose ?? []).map(chooseRule), ...(node.rules ?? [])];
  return {
    ...head,
    type: "object",
    ...(node.required?.length ? { required: node.required } : {}),
    ...(node.size ? { minProperties: node.size.count, maxProperties: node.size.count } : {}),
    ...(rules.length > 0
      ? { "x-kubernetes-validations": rules.map(({ rule, message }): CrValue => ({ rule, message })) }
      : {}),
    ...(fields.length > 0
      ? { properties: Object.fromEntries(fields.map(([name, field]) => [name, structural(field)])) }
      : {}),
  };
}

function chooseRule({ fields, atMost, what }: Choose) {
  const count = `[${fields.map((name) => `has(self.${escaped(name)})`).join(", ")}].filter(x, x).size()`;
  const names = fields.join(", ");
  return {
    rule: `${count} ${atMost ? "<=" : "=="} 1`,
    message: `${atMost ? "at most" : "exactly"} one ${what} must be given: ${names}`,
  };
}

const keywords = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

/** A field whose name is a word of CEL is written `__name__` there. */
const escaped = (name: string): string => (keywords.has(name) ? `__${name}__` : name);
