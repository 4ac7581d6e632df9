/** The parts of a clause, in words for a message. */
import type { Part } from "../../catalog/rows.ts";

/** What a part takes, in words for a message. */
const kindInWords: Readonly<Record<Part["kind"], string>> = {
  expr: "an expression",
  exprs: "an expression",
  fields: "a record `{ … }`",
  duration: "a duration such as `5s`",
  size: "a size such as `1MiB`",
  int: "a number",
  number: "a number",
  string: 'a string such as `"text"`',
  bool: "true or false",
  rate: "a rate such as `100/s`",
  durations: "two durations such as `100ms..10s`",
  word: "a word",
  replicas: "a number, `partitions` or a range such as `0..10`",
  path: "a field such as `data.total`",
  paths: "fields such as `data.a, data.b`",
  options: "options in braces, `{ … }`",
  record: "a record `{ … }`",
  block: "a block `{ … }`",
  node: "the name of a node",
  events: "a list of events `[ … ]`",
  event: "the event's data",
};

export const inWords = (part: Part): string =>
  part.kind === "word" && part.choices
    ? part.choices.map(({ name }) => `\`${name}\``).join(" or ")
    : kindInWords[part.kind];

export function signature(part: Part): string {
  return part.word === undefined ? inWords(part) : `\`${part.word}\` and ${inWords(part)}`;
}
