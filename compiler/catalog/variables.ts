/** The names that expressions see without declaring them. Types as .flow writes them; a trailing `...` is a record open to any field. */
export interface VariableRow {
  readonly name: string;
  /** Where it is in scope, in words. */
  readonly where: string;
  readonly doc: string;
  /** Undefined: follows from the pipeline. */
  readonly fields?: readonly VariableField[];
  /** Fields not listed are allowed and have the type `any`. */
  readonly open: boolean;
  readonly example: string;
}
export interface VariableField {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly doc: string;
}

function field(name: string, type: string, doc: string, optional = false): VariableField {
  return { name, type, optional, doc };
}

export const variables: readonly VariableRow[] = [
  {
    name: "data",
    where: "steps, keys, sinks, and inside aggregates",
    doc: "The payload of the event.",
    open: false,
    example: "data.total > 100",
  },
  {
    name: "event",
    where: "wherever `data` is",
    doc: "The attributes of the CloudEvent, and its extensions.",
    open: true,
    example: "event.source",
    fields: [
      field("id", "string", "With `source`, what identifies the event; for a plain record its position in the input."),
      field("source", "string", "Where it comes from, `/<pipeline>/<node>` unless the event says otherwise."),
      field("type", "string", "What kind of event it is."),
      field("subject", "string", "What it is about.", true),
      field("time", "timestamp", "Event time: from the `time` clause, else from the transport, else of arrival."),
      field("specversion", "string", "The version of CloudEvents, 1.0."),
      field("datacontenttype", "string", "The media type of the payload.", true),
      field("dataschema", "string", "The schema of the payload.", true),
      field(
        "partitionkey",
        "string",
        "The key of a record of Kafka, as text; there is none where it has no key.",
        true,
      ),
    ],
  },
  {
    name: "key",
    where: "`emit` and `where` of a window or chunk",
    doc: "What the events were grouped by; a list where several keys were given.",
    open: false,
    example: "key",
  },
  {
    name: "window",
    where: "`emit` and `where` of a window, and `emit` of a chunk of panes",
    doc: "The window of event time: from `start` up to, and without, `end`.",
    open: false,
    example: "window.start",
    fields: [
      field("start", "timestamp", "Its first instant."),
      field("end", "timestamp", "The first instant after it."),
    ],
  },
  {
    name: "pane",
    where: "`emit` and `where` of a window",
    doc: "Which of the window's results this is.",
    open: false,
    example: "pane.index",
    fields: [
      field("index", "int", "Counts the results of one window and key, from 0."),
      field("timing", '"early" | "on_time" | "late"', "Before, at or after the watermark passed the window's end."),
    ],
  },
  {
    name: "chunk",
    where: "`emit` of a chunk, and behind one that all inputs have gone through",
    doc: "The chunk that the event belongs to.",
    open: false,
    example: "chunk.id",
    fields: [
      field("id", "string", "The same again when the chunk is sent again."),
      field("count", "int", "How many events it has."),
    ],
  },
];
