/** The schema of the Pipeline custom resource: the frame around what the catalogue's rows say. */
import { clausesOf } from "../../catalog/clauses.ts";
import { clauseField } from "../cr/names.ts";
import { containerField, containerOptions, isBesideImage, isOfTransport, transports } from "../cr/write-container.ts";
import {
  chooseClauses,
  clauseFields,
  clauseNode,
  connectorFields,
  expression,
  limits,
  optionFields,
  requiredClauses,
} from "./catalog-nodes.ts";
import type { ListNode, ObjectNode, SchemaNode, StringNode } from "./schema-node.ts";

/** How many there may be in one pipeline; the rule that looks up every input's name costs their product. */
export const most = { nodes: 64, processors: 128, inputs: 10, types: 256 } as const;

export const nodeName: StringNode = {
  kind: "string",
  pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$",
  what: "a name in kebab-case: small letters, digits and '-', a letter first",
  maxLength: 63,
  doc: "In kebab-case; unique in the pipeline.",
};
const description: StringNode = { kind: "string", maxLength: 8_192, doc: "What it is for." };
const typeText: StringNode = {
  kind: "string",
  maxLength: limits.expression,
  doc: "A name of `spec.types`, or a type as .flow writes it.",
};

const input: SchemaNode = {
  kind: "object",
  fields: {
    name: { ...nodeName, doc: "The node that is read." },
    output: { kind: "string", enum: ["errors", "late"], doc: "A side output of it, instead of its events." },
    where: expression("Only events for which it is true."),
    otherwise: { kind: "boolean", doc: "Only events that no sibling's `where` took." },
    as: { kind: "string", pattern: "^[a-z][a-z0-9_]*$", what: "a name", maxLength: 63, doc: "Its name in a join." },
  },
  required: ["name"],
  choose: [{ fields: ["where", "otherwise"], atMost: true, what: "way to route" }],
};

const from: ListNode = { kind: "list", items: input, minItems: 1, maxItems: most.inputs, doc: "What it reads." };

const nodes = (items: ObjectNode, maxItems: number, doc: string): ListNode => ({
  kind: "list",
  items,
  maxItems,
  key: "name",
  doc,
});

function endNode(
  role: "source" | "sink" | "table",
  fields: Readonly<Record<string, SchemaNode>>,
  required: readonly string[],
): ObjectNode {
  const connector = connectorFields(role);
  return {
    kind: "object",
    fields: {
      name: nodeName,
      description,
      ...fields,
      ...connector,
      ...(role === "sink" ? {} : { type: typeText }),
      ...clauseFields(role),
    },
    required: ["name", ...required, ...requiredClauses(role)],
    choose: [{ fields: Object.keys(connector), what: "connector" }],
  };
}

const groupNode = (place: "window" | "chunk", doc: string): ObjectNode => {
  const choose = chooseClauses(place) ?? [];
  return {
    kind: "object",
    fields: clauseFields(place, ["replicas", "resources"]),
    required: requiredClauses(place),
    ...(choose.length > 0 ? { choose } : {}),
    doc,
  };
};

function operator(): ObjectNode {
  const rows = clausesOf("step").filter((row) => row.operator);
  return {
    kind: "object",
    fields: Object.fromEntries(rows.map((row) => [clauseField(row), clauseNode(row)])),
    size: { count: 1, what: "operator" },
    doc: "One operator.",
  };
}

function transport(side: "input" | "output"): ObjectNode {
  const names = transports.map((one) => one[side]);
  return {
    kind: "object",
    fields: Object.fromEntries(
      transports.map((one) => [one[side], { kind: "object", fields: side === "input" ? optionsOf(one.io) : {} }]),
    ),
    choose: [{ fields: names, what: "transport" }],
    doc: side === "input" ? "How events reach the program." : "How its results come back.",
  };
}

/** The options of one way of speaking to a program. */
const optionsOf = (io: string): Readonly<Record<string, SchemaNode>> =>
  optionFields(containerOptions.filter((option) => isOfTransport(option) && option.only?.is.includes(io)));

function processor(): ObjectNode {
  const options = optionFields(containerOptions.filter(isBesideImage), containerField);
  const ofImage = ["input", "output", ...Object.keys(options)];
  return {
    kind: "object",
    fields: {
      name: nodeName,
      description,
      from,
      type: {
        ...typeText,
        doc: "What the last user code in it answers: a name of `spec.types`, or a type as .flow writes it.",
      },
      operators: {
        kind: "list",
        items: operator(),
        maxItems: limits.operators,
        doc: "Work on each event, in this order.",
      },
      window: groupNode("window", "Groups by key and event time, then aggregates."),
      chunk: groupNode("chunk", "Marks where chunks of the stream begin and end."),
      image: {
        kind: "string",
        maxLength: limits.text,
        doc: "User code in any language: the image of a container beside the worker.",
      },
      ...options,
      input: transport("input"),
      output: transport("output"),
      ...clauseFields(
        "step",
        clausesOf("step").flatMap((row) => (row.operator ? [row.keyword] : [])),
      ),
    },
    required: ["name"],
    choose: [{ fields: ["operators", "window", "chunk", "image"], what: "kind of work" }],
    rules: [
      {
        rule: `has(self.image) || !(${ofImage.map((name) => `has(self.${name})`).join(" || ")})`,
        message: `${ofImage.slice(0, -1).join(", ")} and ${ofImage.at(-1)} belong to a processor with 'image'`,
      },
      {
        rule: "has(self.operators) || has(self.image) || !has(self.retry)",
        message: "retry belongs to a processor with 'operators' or 'image'",
      },
      {
        rule: "has(self.operators) || has(self.image) || !has(self.type)",
        message: "type belongs to a processor with 'operators' or 'image'",
      },
    ],
  };
}

/** The linear form: one input, processors chained in order, one output. */
const linearInput: ObjectNode = {
  kind: "object",
  fields: {
    from: {
      kind: "object",
      fields: connectorFields("source"),
      choose: [{ fields: Object.keys(connectorFields("source")), what: "connector" }],
      doc: "The connector.",
    },
  },
  required: ["from"],
  doc: "The linear form of a pipeline: where events enter. Processors then follow one another, without `from`.",
};
const linearOutput: ObjectNode = {
  kind: "object",
  fields: connectorFields("sink"),
  choose: [{ fields: Object.keys(connectorFields("sink")), what: "connector" }],
  doc: "The linear form of a pipeline: where events leave.",
};

const known = (name: string): string =>
  `self.sources.exists(s, s.name == ${name}) || (has(self.processors) && self.processors.exists(q, q.name == ${name}))`;

export function specNode(): ObjectNode {
  return {
    kind: "object",
    fields: {
      ...Object.fromEntries(
        Object.entries(clauseFields("pipeline", ["namespace", "labels"])).map(([name, node]) => [
          name,
          name === "delivery" ? { ...node, default: "AtLeastOnce" } : node,
        ]),
      ),
      ...connectorFields("defaults"),
      types: {
        kind: "map",
        values: { kind: "any", object: true, doc: "A JSON Schema." },
        maxFields: most.types,
        doc: "Types of events, by name.",
      },
      tables: nodes(endNode("table", {}, []), most.nodes, "Reference data to enrich with."),
      sources: nodes(endNode("source", {}, []), most.nodes, "Where events enter."),
      processors: nodes(processor(), most.processors, "What happens to them."),
      sinks: nodes(endNode("sink", { from }, ["from"]), most.nodes, "Where events leave."),
      input: linearInput,
      output: linearOutput,
    },
    choose: [{ fields: ["sources", "input"], what: "way to say where events enter" }],
    rules: [
      { rule: "has(self.input) == has(self.output)", message: "the linear form has both 'input' and 'output'" },
      { rule: "!has(self.input) || !has(self.sinks)", message: "the linear form has 'output' instead of 'sinks'" },
      {
        rule: `!has(self.sources) || !has(self.processors) || self.processors.all(p, has(p.from) && p.from.all(f, ${known("f.name")}))`,
        message: "every processor has 'from', and it names sources or processors that exist",
      },
      {
        rule: `!has(self.sources) || !has(self.sinks) || self.sinks.all(p, p.from.all(f, ${known("f.name")}))`,
        message: "every input of a sink is one of the sources or processors that exist",
      },
      {
        rule: "!has(self.sources) || !has(self.processors) || !self.sources.exists(s, self.processors.exists(p, p.name == s.name))",
        message: "a source and a processor have the same name",
      },
      {
        rule: "!has(self.sources) || !has(self.sinks) || !self.sources.exists(s, self.sinks.exists(p, p.name == s.name))",
        message: "a source and a sink have the same name",
      },
      {
        rule: "!has(self.processors) || !has(self.sinks) || !self.processors.exists(s, self.sinks.exists(p, p.name == s.name))",
        message: "a processor and a sink have the same name",
      },
      {
        rule: "self.delivery == oldSelf.delivery",
        message: "delivery cannot be changed while the pipeline has state: delete it and create it again",
      },
    ],
  };
}

export function statusNode(): ObjectNode {
  const phase: StringNode = {
    kind: "string",
    enum: ["Pending", "Running", "Paused", "Succeeded", "Failed", "Deleting"],
  };
  const text: StringNode = { kind: "string", maxLength: 32_768 };
  const count = { kind: "integer", minimum: 0 } as const;
  return {
    kind: "object",
    fields: {
      observedGeneration: count,
      phase,
      message: text,
      replicas: count,
      ready: text,
      lag: count,
      selector: text,
      processorStatuses: {
        kind: "list",
        maxItems: most.processors + 2 * most.nodes,
        key: "name",
        items: {
          kind: "object",
          required: ["name"],
          fields: {
            name: nodeName,
            stage: text,
            phase,
            message: text,
            replicas: count,
            ready: count,
            lag: count,
            watermark: text,
          },
        },
      },
      conditions: {
        kind: "list",
        maxItems: 32,
        key: "type",
        items: {
          kind: "object",
          required: ["type", "status", "lastTransitionTime", "reason", "message"],
          fields: {
            type: { kind: "string", maxLength: 316 },
            status: { kind: "string", enum: ["True", "False", "Unknown"] },
            observedGeneration: count,
            lastTransitionTime: { kind: "string", maxLength: 64 },
            reason: { kind: "string", maxLength: 1_024 },
            message: text,
          },
        },
      },
      intermediaryTopics: { kind: "list", maxItems: 2_048, items: { kind: "string", maxLength: 249 } },
    },
  };
}
