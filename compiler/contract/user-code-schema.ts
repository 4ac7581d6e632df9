/**
 * The JSON Schemas (draft 2020-12) of what user code is given and of what it answers: one line, or the header of one length frame. Bodies of HTTP in structured mode,
 * and the items of a batch, are the events among them. In words: docs/user-code.md.
 */

type Schema = { readonly [keyword: string]: unknown };

const someText: Schema = { type: "string", minLength: 1 };
const text: Schema = { type: "string" };
const time: Schema = {
  type: "string",
  pattern: "^\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+-]\\d\\d:\\d\\d)$",
};
const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });

/** What CloudEvents 1.0 gives a meaning; all else is an extension. */
const members: Readonly<Record<string, Schema>> = {
  specversion: { const: "1.0" },
  id: someText,
  source: someText,
  type: someText,
  subject: someText,
  time,
  datacontenttype: someText,
  dataschema: someText,
  data: {},
  data_base64: { type: "string", contentEncoding: "base64" },
};

function event(description: string, rules: Schema): Schema {
  return {
    description,
    type: "object",
    properties: members,
    propertyNames: { pattern: "^([a-z0-9]+|data_base64)$" },
    additionalProperties: { description: "An extension attribute.", type: ["string", "boolean", "integer"] },
    not: { required: ["data", "data_base64"] },
    ...rules,
  };
}

/** A frame; told apart by `type`. */
function frame(type: string, properties: Readonly<Record<string, Schema>>, required: readonly string[]): Schema {
  return { type: "object", required: ["type", ...required], properties: { type: { const: type }, ...properties } };
}

const strictly = (schema: Schema): Schema => ({ ...schema, additionalProperties: false });

/** What says `specversion`, or has data, is an event, whatever its `type`. */
const isEvent: Schema = {
  anyOf: [{ required: ["specversion"] }, { required: ["data"] }, { required: ["data_base64"] }],
};

function published(name: string, title: string, schema: Schema): Schema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `https://dataflow.argoproj.io/v1alpha1/${name}.schema.json`,
    title,
    ...schema,
  };
}

export const userCodeInputSchema = published("user-code-input", "What user code is given", {
  if: { type: "object", required: ["specversion"] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nothing awaits this.
  then: ref("event"),
  else: { oneOf: [ref("chunkStart"), ref("data"), ref("chunkEnd")] },
  $defs: {
    event: event("A CloudEvent in structured mode.", {
      required: ["specversion", "id", "source", "type"],
    }),
    chunkStart: strictly(
      frame(
        "ChunkStart",
        {
          id: someText,
          key: { description: "Any JSON; absent where the chunk has no key." },
          window: { type: "object", required: ["start", "end"], properties: { start: time, end: time } },
        },
        ["id"],
      ),
    ),
    data: strictly(frame("Data", { event: ref("event") }, ["event"])),
    chunkEnd: strictly(frame("ChunkEnd", { id: someText, count: { type: "integer", minimum: 1 } }, ["id", "count"])),
  },
});

export const userCodeAnswerSchema = published("user-code-answer", "What user code answers", {
  if: { type: "object", ...isEvent },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nothing awaits this.
  then: ref("event"),
  else: { oneOf: ["data", "chunkStart", "chunkEnd", "ack", "retry", "reject"].map(ref) },
  $defs: {
    event: event(
      "A result: a CloudEvent in structured mode, of which any attribute may lack. It is then that of the input.",
      isEvent,
    ),
    data: frame("Data", { event: ref("event") }, ["event"]),
    chunkStart: { description: "Skipped.", ...frame("ChunkStart", { id: someText }, []) },
    chunkEnd: { description: "As Ack.", ...frame("ChunkEnd", { id: someText }, []) },
    ack: frame("Ack", { id: someText }, []),
    retry: frame("Retry", { id: someText, reason: text }, []),
    reject: frame("Reject", { id: someText, reason: text }, []),
  },
});
