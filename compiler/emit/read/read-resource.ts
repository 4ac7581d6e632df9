/**
 * A Pipeline custom resource, as YAML or JSON, read into the syntax tree of the .flow file that says the same. Spans point
 * into the YAML, so whatever is found wrong later is shown where it stands.
 */
import { clausesOf } from "../../catalog/clauses.ts";
import { descriptionAnnotation, pipelineApiVersion } from "../../contract/pipeline.ts";
import { type Diagnostic, type Report, reporter } from "../../source/diagnostic.ts";
import type { SourceText } from "../../source/source-text.ts";
import type { Span } from "../../source/span.ts";
import type {
  Argument,
  Clause,
  Declaration,
  Input,
  NodeDeclaration,
  NodeKind,
  PipelineDeclaration,
  SourceFile,
  TypeDeclaration,
  TypeDefinition,
} from "../../syntax/ast.ts";
import { clauseField, snake } from "../cr/names.ts";
import { typeOfSchema } from "../cr/type-schema.ts";
import { typeSyntax } from "../cr/type-syntax.ts";
import { containerField, containerOptions, isBesideImage, isOfTransport, transports } from "../cr/write-container.ts";
import { resourceNode } from "../schema/crd.ts";
import { nodeName } from "../schema/pipeline-nodes.ts";
import { withoutLinearForm } from "./linear.ts";
import { expressionAt, fieldAt, nameAt, recordAt, stringAt, typeAt, wordOrStringAt } from "./make-syntax.ts";
import { beyondLanguage } from "./metadata.ts";
import { misplaced } from "./misplaced.ts";
import { optionEntries, type Reader, readClause, readClauses, readConnectors } from "./read-clause.ts";
import { validate } from "./validate.ts";
import {
  asList,
  asMap,
  asText,
  field,
  plain,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  yamlTree,
} from "./yaml-tree.ts";

export interface ReadResource {
  /** Empty of declarations when the resource is broken. */
  readonly file: SourceFile;
  readonly diagnostics: Diagnostic[];
}

export function readResource(source: SourceText): ReadResource {
  const diagnostics: Diagnostic[] = [];
  const report = reporter(source.path, diagnostics);
  const span = { start: 0, end: source.text.length };
  const tree = yamlTree(source, report);
  const map = tree && checked(tree, report);
  const resource = map && !misplaced(asMap(field(map, "spec"))!, report) ? map : undefined;
  const declarations = resource ? readDeclarations(resource, { source, report, diagnostics }) : [];
  return { file: { kind: "file", span, declarations, comments: [] }, diagnostics };
}

/** The resource when it is one and follows the schema. */
function checked(tree: YamlNode, report: Report): YamlMap | undefined {
  const map = asMap(tree);
  if (map) {
    for (const [name, expected] of [
      ["apiVersion", pipelineApiVersion],
      ["kind", "Pipeline"],
    ] as const) {
      const value = field(map, name);
      if (value === undefined || asText(value) === expected) continue;
      report("FLOW5801", value.span, { what: name, expected });
      return undefined;
    }
  }
  if (!validate(tree, resourceNode(), "", report) || map === undefined) return undefined;
  const metadata = asMap(field(map, "metadata"))!;
  const name = field(metadata, "name");
  if (name) return validate(name, nodeName, "metadata.name", report) ? map : undefined;
  report("FLOW5803", metadata.span, { field: "name", where: "metadata" });
  return undefined;
}

function readDeclarations(resource: YamlMap, reader: Reader): readonly Declaration[] {
  const spec = withoutLinearForm(asMap(field(resource, "spec"))!);
  const nodes = (name: string, kind: (map: YamlMap) => NodeKind): readonly NodeDeclaration[] =>
    asList(field(spec, name)).flatMap((item) => (item.kind === "map" ? [readNode(item, kind(item), reader)] : []));
  return [
    readHeader(asMap(field(resource, "metadata"))!, spec, reader),
    ...(asMap(field(spec, "types"))?.entries ?? []).flatMap((entry) => readType(entry, reader)),
    ...nodes("tables", () => "table"),
    ...nodes("sources", () => "source"),
    ...nodes("processors", (map) => (field(map, "window") ? "window" : field(map, "chunk") ? "chunk" : "step")),
    ...nodes("sinks", () => "sink"),
  ];
}

function readHeader(metadata: YamlMap, spec: YamlMap, reader: Reader): PipelineDeclaration {
  const name = field(metadata, "name")!;
  const annotations = asMap(field(metadata, "annotations"));
  const doc = annotations && asText(field(annotations, descriptionAnnotation));
  const both: YamlMap = {
    ...spec,
    entries: [...metadata.entries.filter(({ key }) => key === "namespace" || key === "labels"), ...spec.entries],
  };
  const clauses = [...readClauses(both, "pipeline", reader), ...readConnectors(spec, "defaults", reader)];
  return {
    kind: "pipeline",
    span: name.span,
    ...(doc === undefined ? {} : { doc }),
    keyword: name.span,
    name: nameAt(snake(asText(name)!), name.span),
    clauses,
    braces: clauses.length > 0,
    ...beyondLanguage(metadata),
  };
}

function readType(entry: YamlEntry, reader: Reader): readonly TypeDeclaration[] {
  const type = typeOfSchema(plain(entry.value));
  const span = entry.keySpan;
  if (type === undefined) {
    reader.report("FLOW5808", span, {
      what: `The schema of '${entry.key}' says something for which .flow has no type.`,
    });
  }
  const map = asMap(entry.value);
  const doc = map && asText(field(map, "description"));
  const definition: TypeDefinition = {
    kind: "type",
    type: type ? typeSyntax(type, span) : { kind: "error", span },
    span,
  };
  return [
    {
      kind: "type",
      span,
      ...(doc === undefined ? {} : { doc }),
      keyword: span,
      name: nameAt(entry.key, span),
      definition,
    },
  ];
}

function readNode(map: YamlMap, kind: NodeKind, reader: Reader): NodeDeclaration {
  const name = field(map, "name")!;
  const doc = asText(field(map, "description"));
  const type = field(map, "type");
  return {
    kind,
    span: map.span,
    ...(doc === undefined ? {} : { doc }),
    keyword: name.span,
    name: nameAt(snake(asText(name)!), name.span),
    ...(type ? { type: typeAt(type, reader.source, reader.diagnostics) } : {}),
    inputs: asList(field(map, "from")).flatMap((item) => (item.kind === "map" ? [readInput(item, reader)] : [])),
    clauses: readBody(map, kind, reader),
    braces: true,
  };
}

function readInput(map: YamlMap, reader: Reader): Input {
  const name = field(map, "name")!;
  const [output, alias] = [field(map, "output"), field(map, "as")];
  const where = field(map, "where");
  const otherwise = map.entries.find(
    ({ key, value }) => key === "otherwise" && value.kind === "scalar" && value.value === true,
  );
  return {
    span: name.span,
    node: nameAt(snake(asText(name)!), name.span),
    ...(output ? { output: nameAt(asText(output)!, output.span) } : {}),
    ...(alias ? { alias: nameAt(asText(alias)!, alias.span) } : {}),
    ...(where ? { where: expressionAt(where, reader.source, reader.diagnostics) } : {}),
    ...(otherwise ? { otherwise: otherwise.keySpan } : {}),
  };
}

function readBody(map: YamlMap, kind: NodeKind, reader: Reader): readonly Clause[] {
  if (kind === "source" || kind === "sink" || kind === "table")
    return [...readConnectors(map, kind, reader), ...readClauses(map, kind, reader)];
  if (kind === "step") {
    const image = map.entries.find(({ key }) => key === "image");
    const operators = image
      ? readContainer(image, map, reader)
      : asList(field(map, "operators")).flatMap((item) => readOperator(item, reader));
    return [...operators, ...readClauses(map, "step", reader)];
  }
  const inside = asMap(field(map, kind));
  const outside: YamlMap = { ...map, entries: map.entries.filter(({ key }) => key !== kind) };
  const placed = ["replicas", "resources"];
  return [
    ...(inside ? readClauses(inside, kind, reader, placed) : []),
    ...readClauses(outside, kind, reader).filter((clause) => placed.includes(clause.keyword.text)),
  ];
}

function readOperator(item: YamlNode, reader: Reader): readonly Clause[] {
  const entry = asMap(item)?.entries[0];
  const row = clausesOf("step").find((one) => one.operator && clauseField(one) === entry?.key);
  return entry && row ? [readClause(row, entry, reader)] : [];
}

/** `image` with `input` and `output` as a step of one container. */
function readContainer(image: YamlEntry, map: YamlMap, reader: Reader): readonly Clause[] {
  const row = clausesOf("step").find((one) => one.id === "step.container");
  if (row === undefined) return [];
  const input = asMap(field(map, "input"))?.entries[0];
  const output = asMap(field(map, "output"))?.entries[0];
  const way = transports.find((one) => (input ? one.input === input.key : one.output === output?.key));
  if (input && output && way?.output !== output.key) {
    reader.report("FLOW5808", output.keySpan, {
      what: `Events go in by '${input.key}', so results come out by '${way?.output}', not by '${output.key}'.`,
    });
  }
  const ofTransport = optionEntries(asMap(input?.value), containerOptions.filter(isOfTransport), reader);
  const io = output ?? (way?.io === "http" && ofTransport.length > 0 ? undefined : input);
  const entries = [
    ...(io && way ? [fieldAt("io", wordOrStringAt(way.io, io.keySpan), io.keySpan)] : []),
    ...ofTransport,
    ...optionEntries(map, containerOptions.filter(isBesideImage), reader, containerField),
  ];
  const at: Span = image.value.span;
  const named: Argument = { span: at, part: "image", words: [], value: stringAt(asText(image.value) ?? "", at) };
  const sorted = entries.toSorted((a, b) => place(containerOptions, a) - place(containerOptions, b));
  const given: readonly Argument[] =
    sorted.length === 0 ? [] : [{ span: at, part: "options", words: [], value: recordAt(sorted, at) }];
  return [
    {
      span: { start: image.keySpan.start, end: at.end },
      keyword: nameAt("container", image.keySpan),
      row: row.id,
      arguments: [named, ...given],
    },
  ];
}

const place = (rows: readonly { readonly name: string }[], entry: ReturnType<typeof fieldAt>): number =>
  entry.kind === "field" ? rows.findIndex((row) => row.name === entry.key.text) : -1;
