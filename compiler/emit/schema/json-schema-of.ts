/** Schema nodes as JSON Schema (draft 2020-12), for editors: strict, with descriptions. */
import type { CrObject } from "../../contract/pipeline.ts";
import { headOf, plainSchema } from "./plain-schema.ts";
import type { Choose, SchemaNode } from "./schema-node.ts";

export function jsonSchemaOf(node: SchemaNode): CrObject {
  const head = headOf(node);
  switch (node.kind) {
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return plainSchema(node);
    case "list":
      return {
        ...head,
        type: "array",
        ...(node.minItems === undefined ? {} : { minItems: node.minItems }),
        maxItems: node.maxItems,
        items: jsonSchemaOf(node.items),
      };
    case "map":
      return {
        ...head,
        type: "object",
        maxProperties: node.maxFields,
        additionalProperties: jsonSchemaOf(node.values),
      };
    case "any":
      return { ...head, ...(node.object ? { type: "object" } : {}) };
    case "flag_or_object":
      return { ...head, anyOf: [{ type: "boolean" }, jsonSchemaOf(node.object)] };
    case "object": {
      const choices = (node.choose ?? []).map(chooseOf);
      return {
        ...head,
        type: "object",
        ...(node.required?.length ? { required: node.required } : {}),
        ...(node.size ? { minProperties: node.size.count, maxProperties: node.size.count } : {}),
        properties: Object.fromEntries(Object.entries(node.fields).map(([name, field]) => [name, jsonSchemaOf(field)])),
        additionalProperties: false,
        ...(choices.length > 0 ? { allOf: choices } : {}),
      };
    }
  }
}

/** None of them, or exactly one of them, is there. */
function chooseOf({ fields, atMost }: Choose): CrObject {
  const some = { anyOf: fields.map((name) => ({ required: [name] })) };
  const none = { not: some };
  const one = fields.map((name): CrObject => ({ required: [name] }));
  return { oneOf: atMost ? [none, ...one] : one };
}
