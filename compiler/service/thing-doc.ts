/** A declared name in words: its signature, its documentation, and of a node what flows through it. */

import type { ValueType } from "../contract/value-type.ts";
import type { ModelNode } from "../semantics/model.ts";
import { printValueType } from "../semantics/print-value-type.ts";
import { printType } from "../syntax/print.ts";
import { flow, paragraphs } from "./docs.ts";
import type { NamedThing } from "./names.ts";
import { watermarkDoc } from "./watermark.ts";
import type { Analysis } from "./workspace.ts";

export function thingDoc(analysis: Analysis, thing: NamedThing): string {
  const { model } = analysis;
  const declaration = thing.symbol?.declaration;
  const doc = declaration && "doc" in declaration ? declaration.doc : undefined;
  switch (thing.kind) {
    case "param": {
      const param = model.params.get(thing.name);
      return paragraphs(flow(`param ${thing.name}${param ? `: ${printValueType(param.type)}` : ""}`), doc);
    }
    case "type": {
      const type = model.types[thing.name];
      return paragraphs(flow(type ? `type ${thing.name} ${indented(type)}` : `type ${thing.name}`), doc);
    }
    case "fn":
      return paragraphs(flow(signatureOf(analysis, thing)), doc);
    case "pipeline":
      return paragraphs(flow(`pipeline ${thing.name}`), doc);
    case "field":
    case "variable":
    case "alias":
      return paragraphs(flow(typedName(analysis, thing)));
    default: {
      const node = model.nodes.find((one) => one.declaration === declaration);
      return node ? nodeDoc(node, doc) : paragraphs(flow(`${thing.kind} ${thing.name}`), doc);
    }
  }
}

function indented(type: ValueType): string {
  if (type.kind !== "record") return `= ${printValueType(type)}`;
  const lines = type.fields
    .slice(0, 30)
    .map((field) => `  ${field.name}${field.optional ? "?" : ""}: ${printValueType(field.type)}`);
  return `{\n${lines.join("\n")}${type.fields.length > 30 ? "\n  …" : ""}\n}`;
}

export function signatureOf({ model }: Analysis, thing: Pick<NamedThing, "name">): string {
  const fn = model.functions.get(thing.name);
  if (!fn) return `fn ${thing.name}`;
  const parameters = fn.parameters.map(({ name, type }) => (type ? `${name.text}: ${printType(type)}` : name.text));
  const result = fn.result ? printType(fn.result) : undefined;
  return `fn ${thing.name}(${parameters.join(", ")})${result === undefined ? "" : `: ${result}`}`;
}

/** The type is that of the expression at the place, which stands in `typeOf` by its span. */
function typedName({ model }: Analysis, thing: NamedThing): string {
  for (const [e, type] of model.typeOf) {
    const span = e.kind === "select" ? e.field.span : e.span;
    const isHere = span.start === thing.origin.start && span.end === thing.origin.end;
    if (isHere && (e.kind === "ident" || e.kind === "select")) return `${thing.name}: ${printValueType(type)}`;
  }
  return thing.name;
}

function nodeDoc(node: ModelNode, doc: string | undefined): string {
  const names = node.inputs.map(({ syntax, output }) => `${syntax.node.text}${output === "main" ? "" : `.${output}`}`);
  const from = names.length === 0 ? "" : ` from ${names.join(", ")}`;
  const gives = node.kind === "sink" ? "Takes" : node.kind === "table" ? "Rows" : "Gives";
  const connector = node.connector ? `Connector: \`${node.connector.row.name}\`` : undefined;
  return paragraphs(
    flow(`${node.kind} ${node.name}${from}`),
    doc,
    `${gives}: \`${printValueType(node.outputType)}\``,
    connector,
    watermarkDoc(node),
  );
}
