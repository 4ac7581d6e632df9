/** What editors and the API server are told alike: texts, numbers and truth values, and what every node may say of itself. */
import type { CrObject } from "../../contract/pipeline.ts";
import type { SchemaNode } from "./schema-node.ts";

export const headOf = (node: SchemaNode): CrObject => ({
  ...(node.doc === undefined ? {} : { description: node.doc }),
  ...(node.default === undefined ? {} : { default: node.default }),
});

export type PlainNode = Extract<SchemaNode, { readonly kind: "string" | "integer" | "number" | "boolean" }>;

export function plainSchema(node: PlainNode): CrObject {
  const head = headOf(node);
  if (node.kind === "boolean") return { ...head, type: "boolean" };
  if (node.kind !== "string")
    return {
      ...head,
      type: node.kind,
      ...(node.minimum === undefined ? {} : { minimum: node.minimum }),
      ...(node.maximum === undefined ? {} : { maximum: node.maximum }),
    };
  return {
    ...head,
    type: "string",
    ...(node.expression ? { minLength: 1 } : {}),
    ...(node.maxLength === undefined ? {} : { maxLength: node.maxLength }),
    ...(node.pattern === undefined ? {} : { pattern: node.pattern }),
    ...(node.enum === undefined ? {} : { enum: node.enum }),
  };
}
