/** Where a name is declared, and where the type of a value is. */
import type { ValueType } from "../contract/value-type.ts";
import type { Span } from "../source/span.ts";
import type { Expression } from "../syntax/ast.ts";
import { documentLinks } from "./document-links.ts";
import { madeFieldAt } from "./made-fields.ts";
import { locationIn, nameAt } from "./names.ts";
import { bare, holds, type Part, pathBefore } from "./syntax-path.ts";
import type { Target } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function definition(ws: Workspace, path: string, offset: number): readonly Target[] {
  const thing = nameAt(ws, path, offset);
  if (thing) return [{ origin: thing.origin, at: thing.at, whole: thing.whole }];
  const made = madeFieldAt(ws.tree(path), offset);
  if (made)
    return made.makers.map((span) => {
      const at = locationIn(path, span);
      return { origin: made.origin, at, whole: at };
    });
  const link = documentLinks(ws, path).find(({ span }) => holds(span, offset));
  if (!link || ws.host.readFile(link.target) === undefined) return [];
  const top = locationIn(link.target, { start: 0, end: 0 });
  return [{ origin: link.span, at: top, whole: top }];
}

/** The declarations of the named types in the type of what stands at the offset. */
export function typeDefinition(ws: Workspace, path: string, offset: number): readonly Target[] {
  const { model } = ws.file(path);
  const found = typeAt(ws, path, offset);
  if (!found) return [];
  return [...new Set(namesIn(found.type))].flatMap((name) => {
    const symbol = model.symbols.find((one) => one.kind === "type" && one.name === name);
    if (!symbol) return [];
    const { file } = symbol.at;
    return [{ origin: found.span, at: locationIn(file, symbol.at), whole: locationIn(file, symbol.declaration.span) }];
  });
}

/** The type of the value at the offset: of the smallest expression, or of what the node of that name gives. */
export function typeAt(ws: Workspace, path: string, offset: number): { type: ValueType; span: Span } | undefined {
  const { model, tree } = ws.file(path);
  const thing = nameAt(ws, path, offset);
  if (thing?.symbol?.kind === "type") return { type: { kind: "ref", name: thing.name }, span: thing.origin };
  const param = thing?.symbol?.kind === "param" ? model.params.get(thing.name)?.type : undefined;
  const node = thing?.symbol && model.nodes.find(({ declaration }) => declaration === thing.symbol?.declaration);
  if (thing && (param ?? node)) return { type: param ?? node!.outputType, span: thing.origin };
  for (const part of pathBefore(tree, offset).toReversed()) {
    const type = isExpression(part) ? model.typeOf.get(part) : undefined;
    if (type) return { type, span: bare(part.span) };
    if (part.kind !== undefined) return undefined;
  }
  return undefined;
}

export const isExpression = (part: Part): part is Expression => typeof part.kind === "string";

function namesIn(type: ValueType): readonly string[] {
  switch (type.kind) {
    case "ref":
      return [type.name];
    case "list":
      return namesIn(type.element);
    case "map":
      return namesIn(type.value);
    case "optional":
      return namesIn(type.of);
    case "union":
      return type.members.flatMap(namesIn);
    default:
      return [];
  }
}
