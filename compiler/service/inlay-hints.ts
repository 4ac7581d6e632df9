/** What is not written but holds: the type that a node gives, defaults that matter, where data crosses a topic. */
import type { ValueType } from "../contract/value-type.ts";
import type { Model, ModelNode } from "../semantics/model.ts";
import { printValueType } from "../semantics/print-value-type.ts";
import { isOpen } from "../semantics/types.ts";
import type { Span } from "../source/span.ts";
import { defaultHints } from "./default-hints.ts";
import { locationIn } from "./names.ts";
import { outputsOf } from "./pipeline-outputs.ts";
import type { InlayHint } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function inlayHints(ws: Workspace, path: string, span?: Span): readonly InlayHint[] {
  const analysis = ws.file(path);
  const isWanted = (offset: number): boolean => span === undefined || (span.start <= offset && offset <= span.end);
  const { model } = analysis;
  const own = model.nodes.filter(({ file }) => file === path);
  const types = own.flatMap((node) => typeHint(node, model));
  const defaults = own.flatMap(defaultHints);
  const outputs = outputsOf(analysis);
  const boundaries = typeof outputs === "string" ? [] : stageHints(analysis.model.nodes, outputs.stages);
  return [...types, ...defaults, ...boundaries]
    .filter(({ offset }) => isWanted(offset))
    .sort((a, b) => a.offset - b.offset);
}

const longest = 40;

function typeHint(node: ModelNode, { symbols }: Model): readonly InlayHint[] {
  const { declaration, outputType, kind } = node;
  if (declaration.type || kind === "sink" || isOpen(outputType) || declaration.name.text === "") return [];
  const text = printValueType(outputType);
  const label =
    text.length <= longest
      ? text
      : outputType.kind === "record"
        ? `{ ${namesOf(node)} }`
        : `${text.slice(0, longest - 1)}…`;
  const named = nameIn(outputType);
  const at = symbols.find((one) => one.kind === "type" && one.name === named)?.at;
  return [
    {
      offset: declaration.name.span.end,
      label: `: ${label}`,
      kind: "type",
      tooltip: text,
      paddingLeft: false,
      ...(at === undefined ? {} : { target: locationIn(at.file, at) }),
    },
  ];
}

/** `Order` of `Order` and `[Order]`. */
function nameIn(type: ValueType): string | undefined {
  return type.kind === "list" ? nameIn(type.element) : type.kind === "ref" ? type.name : undefined;
}

function namesOf({ outputType }: ModelNode): string {
  const names = outputType.kind === "record" ? outputType.fields.map(({ name }) => name) : [];
  let text = "";
  for (const [i, name] of names.entries()) {
    const longer = i === 0 ? name : `${text}, ${name}`;
    if (longer.length > longest) return `${text}${i === 0 ? "" : ", "}…`;
    text = longer;
  }
  return text;
}

interface StageNames {
  readonly name: string;
  readonly nodes: readonly { readonly name: string }[];
}

/** At each input that is read from another stage, and so through a topic. */
function stageHints(nodes: readonly ModelNode[], stages: readonly StageNames[]): readonly InlayHint[] {
  const stageOf = new Map(
    stages.flatMap(({ name, nodes: inside }) => inside.map((node) => [node.name, name] as const)),
  );
  return nodes.flatMap((node) =>
    node.inputs.flatMap((input): readonly InlayHint[] => {
      const own = stageOf.get(node.name);
      const from = input.node && stageOf.get(input.node.name);
      if (own === undefined || from === undefined || own === from) return [];
      const tooltip = `On a cluster '${input.node!.name}' and '${node.name}' run in two stages, ${from} and ${own}: events cross a topic.`;
      return [{ offset: input.syntax.span.end, label: "⇢ topic", kind: "stage", tooltip, paddingLeft: true }];
    }),
  );
}
