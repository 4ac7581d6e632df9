/** Where the types of a model and their fields are written, so that each part of a schema can be traced. */
import type { ModelSymbol } from "../semantics/model.ts";
import type { Location } from "../source/span.ts";
import type { IrOrigins } from "./ir.ts";

type TypeDeclaration = Extract<ModelSymbol["declaration"], { readonly definition: unknown }>;
type TypeExpression = Extract<TypeDeclaration["definition"], { readonly kind: "type" }>["type"];

/** By the names that lead there: `Order`, `Order/customer/id`; lists, maps and unions add no name. The first of two counts. */
export function typeOrigins(symbols: readonly ModelSymbol[]): IrOrigins {
  const found = new Map<string, Location>();
  const put = (path: string, at: Location): void => {
    if (!found.has(path)) found.set(path, { file: at.file, start: at.start, end: at.end });
  };
  for (const { kind, name, at, declaration } of symbols) {
    if (kind !== "type" || !("definition" in declaration)) continue;
    put(name, at);
    const { definition } = declaration;
    if (definition.kind === "type")
      walk(name, definition.type, (path, span) => put(path, { file: at.file, start: span.start, end: span.end }));
  }
  return Object.fromEntries(found);
}

function walk(path: string, type: TypeExpression, put: (path: string, span: TypeExpression["span"]) => void): void {
  switch (type.kind) {
    case "list":
      walk(path, type.element, put);
      break;
    case "map":
      walk(path, type.value, put);
      break;
    case "union":
      for (const member of type.members) walk(path, member, put);
      break;
    case "record":
      for (const field of type.fields) {
        const inner = `${path}/${field.name.text}`;
        put(inner, field.name.span);
        walk(inner, field.type, put);
      }
      break;
    default:
  }
}
