/** Ways to mend diagnostics, by code. Each is tried before it is offered, so it may propose what does not always do. */
import { clausesOf } from "../../catalog/clauses.ts";
import { connectorRow, optionsIn } from "../../catalog/connectors.ts";
import type { Place as ClausePlace, OptionRow } from "../../catalog/rows.ts";
import { type Code, codes } from "../../source/codes/codes.ts";
import { nearest } from "../../source/nearest.ts";
import type { Span } from "../../source/span.ts";
import { deadLetter } from "../refactor/dead-letter.ts";
import { freeName } from "../refactor/free-names.ts";
import { isExpression, withComments } from "../refactor/selected.ts";
import { type Mender, type Mistake, replaced, takenAway, withClause } from "./mend.ts";
import { itemAway } from "./take-away.ts";

const clauseAway: Mender = (mistake) => {
  const { clause } = mistake;
  return clause ? [{ title: `Take '${clause.keyword.text}' away`, edits: [takenAway(mistake, clause.span)] }] : [];
};

const textAway: Mender = (mistake) => [{ title: "Take it away", edits: [takenAway(mistake, mistake.diagnostic.at)] }];

const entryAway: Mender = ({ around, analysis, text }) => {
  const entry = around.findLast((part) => part.kind === "field" && "key" in part);
  return entry ? [{ title: "Take the field away", edits: [itemAway(analysis.path, text, entry.span)] }] : [];
};

const inputAway: Mender = ({ around, analysis, text }) => {
  const input = around.findLast((part) => "node" in part && !("kind" in part));
  return input ? [{ title: "Take the input away", edits: [itemAway(analysis.path, text, input.span)] }] : [];
};

/** `from orders`, of what reads from outside. */
const inputsAway: Mender = (mistake) => {
  const { start } = mistake.diagnostic.at;
  const inputs = mistake.node?.inputs ?? [];
  const [first] = inputs.some(({ span }) => span.start === start) ? inputs : [];
  const last = inputs.at(-1);
  const before = first ? /\s*from\s*$/.exec(mistake.text.slice(0, first.span.start))?.[0].length : undefined;
  if (!first || !last || before === undefined) return [];
  const span = { start: first.span.start - before, end: last.span.end };
  return [{ title: "Take its inputs away", edits: [replaced(mistake, span, "")] }];
};

/** `: Order`, of what has no type of its own. */
const typeAway: Mender = (mistake) => {
  const { name, type } = mistake.node ?? {};
  if (!name || type?.span.start !== mistake.diagnostic.at.start) return [];
  return [
    {
      title: "Take its type away",
      edits: [replaced(mistake, { start: name.span.end, end: type.span.end }, "")],
    },
  ];
};

/** A word and what follows it. */
const wordAway: Mender = (mistake) => {
  const { start, end } = mistake.diagnostic.at;
  const value = /^[ \t]+[^\s{}]+/.exec(mistake.text.slice(end))?.[0] ?? "";
  return [
    {
      title: `Take '${mistake.written}${value}' away`,
      edits: [takenAway(mistake, { start, end: end + value.length })],
    },
  ];
};

/** Each of the options of the connector. */
const anOptionAway: Mender = ({ clause, analysis, text }) => {
  const record = clause?.arguments.find(({ value }) => value.kind === "record")?.value;
  const entries = record?.kind === "record" ? record.entries : [];
  return entries.flatMap((entry) =>
    entry.kind === "field"
      ? [{ title: `Take '${entry.key.text}' away`, edits: [itemAway(analysis.path, text, entry.span)] }]
      : [],
  );
};

/** A condition instead of a value. */
const compared: Mender = (mistake) => {
  const { start, end } = mistake.diagnostic.at;
  const of = /^[\w.()]+$/.test(mistake.written) ? mistake.written : `(${mistake.written})`;
  return [" != 0", ' != ""', " != 0.0", ".size() > 0"].map((test) => ({
    title: `Compare it: '…${test}'`,
    edits: [replaced(mistake, { start, end }, of + test)],
  }));
};

const declarationAway: Mender = (mistake) => {
  const { declaration, analysis, text } = mistake;
  if (!declaration) return [];
  const { start, end } = withComments(analysis.tree, text, declaration);
  const blank = /^[ \t]*(?:\r?\n){0,2}/.exec(text.slice(end))?.[0].length ?? 0;
  return [{ title: "Take it away", edits: [replaced(mistake, { start, end: end + blank }, "")] }];
};

const readBySink: Mender = (mistake) => {
  const { node, analysis } = mistake;
  if (!node) return [];
  const name = freeName(`${node.name.text}_out`, analysis.model);
  const sink = `\n\nsink ${name} from ${node.name.text} { stdout {} }`;
  const end = { start: node.span.end, end: node.span.end };
  return [{ title: `Add a sink that reads '${node.name.text}'`, edits: [replaced(mistake, end, sink)] }];
};

/** A text instead of what is reported. */
const instead =
  (newText: string): Mender =>
  (mistake) => [{ title: `Change to '${newText}'`, edits: [replaced(mistake, mistake.diagnostic.at, newText)] }];

const wrappedIn =
  (...functions: readonly string[]): Mender =>
  (mistake) => {
    const { start, end } = wholeExpression(mistake);
    const text = mistake.text.slice(start, end);
    return functions.map((name) => ({
      title: `Write '${name}(…)' around it`,
      edits: [replaced(mistake, { start, end }, `${name}(${text})`)],
    }));
  };

/** The whole chain of which the reported name is the beginning: `data.total` for `data`. */
function wholeExpression({ around, diagnostic }: Mistake): Span {
  let whole: Span = diagnostic.at;
  const inner = around.findLast((part) => isExpression(part));
  for (const part of around.toReversed()) {
    const isChain = part.kind === "select" || part === inner;
    if (!isChain) break;
    whole = part.span;
  }
  return whole;
}

const withOrValue: Mender = (mistake) => {
  const { end } = wholeExpression(mistake);
  return ['""', "0", "0.0", "false"].map((value) => ({
    title: `Add '.orValue(${value})'`,
    edits: [replaced(mistake, { start: end, end }, `.orValue(${value})`)],
  }));
};

const addedClause =
  (...clauses: readonly string[]): Mender =>
  (mistake) => {
    const { node } = mistake;
    return node
      ? clauses.map((clause) => ({ title: `Add '${clause}'`, edits: [withClause(mistake, node, clause)] }))
      : [];
  };

/** What a clause may look like that is missing. */
const samples: Readonly<Record<string, string>> = {
  "window.emit": "emit { n: count() }",
  "window.fixed": "fixed 1m",
  "table.key": "key data.id",
};

const missingClause: Mender = (mistake) => {
  const { node } = mistake;
  if (!node) return [];
  const given = new Set(node.clauses.map(({ row }) => row));
  const rows = clausesOf(node.kind as ClausePlace).filter(({ id, required }) => required && !given.has(id));
  return rows.flatMap((row) => {
    const clause = samples[row.id];
    return clause ? [{ title: `Add '${clause}'`, edits: [withClause(mistake, node, clause)] }] : [];
  });
};

const connectorFor: Mender = (mistake) => {
  const { node } = mistake;
  if (!node) return [];
  const clause = node.kind === "sink" ? "stdout {}" : node.kind === "table" ? 'file { path: "rows.json" }' : "stdin {}";
  return [{ title: `Add '${clause}'`, edits: [withClause(mistake, node, clause)] }];
};

const missingOptions: Mender = (mistake) => {
  const { clause, node, analysis } = mistake;
  const row = clause ? connectorRow(clause.keyword.text) : undefined;
  const role = node?.kind === "source" || node?.kind === "sink" || node?.kind === "table" ? node.kind : "dead_letter";
  const record = clause?.arguments.find(({ value }) => value.kind === "record")?.value;
  if (!clause || !row || (record !== undefined && record.kind !== "record")) return [];
  const given = new Set([
    ...(record?.entries ?? []).flatMap((entry) => (entry.kind === "field" ? [entry.key.text] : [])),
    ...(analysis.model.defaults.get(row.name)?.options.keys() ?? []),
  ]);
  const missing = optionsIn(row, role).filter(({ name, required }) => required && !given.has(name));
  if (missing.length === 0) return [];
  const options = missing.map((option) => `${option.name}: ${sampleValue(option)}`).join(", ");
  const at = record ? record.span.start + 1 : clause.span.end;
  const newText = record ? ` ${options}${record.entries.length > 0 ? "," : " "}` : ` { ${options} }`;
  return [{ title: `Add '${options}'`, edits: [replaced(mistake, { start: at, end: at }, newText)] }];
};

function sampleValue({ kind, name, choices }: OptionRow): string {
  switch (kind) {
    case "strings":
      return name === "brokers" ? '["localhost:9092"]' : `["${name}"]`;
    case "int":
    case "number":
      return "1";
    case "bool":
      return "true";
    case "duration":
      return "1m";
    case "size":
      return "1MiB";
    case "rate":
      return "1/s";
    case "choice":
      return choices?.[0]?.name ?? `"${name}"`;
    case "expr":
    case "value":
    case "map":
    case "options":
      return "{}";
    case "secret":
      return `secret("${name}", "value")`;
    default:
      return name === "url"
        ? '"http://localhost:8080"'
        : name === "schedule"
          ? '"*/5 * * * *"'
          : `"${name.replaceAll("_", "-")}"`;
  }
}

const declaredParam: Mender = (mistake) => {
  const { written, analysis, text } = mistake;
  const [first] = analysis.tree.declarations.filter(({ kind }) => kind !== "pipeline" && kind !== "import");
  if (!/^[a-z]\w*$/.test(written) || !first) return [];
  const at = withComments(analysis.tree, text, first).start;
  const param = `param ${written}: string = ${JSON.stringify(written)}\n\n`;
  return [{ title: `Declare the param '${written}'`, edits: [replaced(mistake, { start: at, end: at }, param)] }];
};

const otherName: Mender = (mistake) => {
  const { diagnostic, analysis, written } = mistake;
  if (!/^[A-Za-z]\w*$/.test(written)) return [];
  const name = freeName(`${written}_2`, analysis.model);
  const symbol = analysis.model.symbols.find(({ at }) => at.file === analysis.path && at.start === diagnostic.at.start);
  const uses = (symbol?.uses ?? []).filter(({ file }) => file === analysis.path);
  return [{ title: `Rename to '${name}'`, edits: [diagnostic.at, ...uses].map((at) => replaced(mistake, at, name)) }];
};

const fromNode: Mender = (mistake) => {
  const { node, analysis } = mistake;
  const before = analysis.tree.declarations.filter(
    (one) =>
      (one.kind === "source" || one.kind === "step" || one.kind === "window") &&
      node &&
      one.span.end <= node.span.start,
  );
  const at = node?.name.span.end;
  return before
    .toReversed()
    .slice(0, 3)
    .flatMap((one) =>
      at !== undefined && "name" in one
        ? [
            {
              title: `Read '${one.name.text}'`,
              edits: [replaced(mistake, { start: at, end: at }, ` from ${one.name.text}`)],
            },
          ]
        : [],
    );
};

/** `time event.time` at the sources from which the window comes. */
const timeOfArrival: Mender = (mistake) => {
  const { model, path } = mistake.analysis;
  const met = new Set(model.nodes.filter(({ declaration }) => declaration === mistake.node));
  for (const one of met) for (const { node } of one.inputs) if (node) met.add(node);
  const sources = [...met].filter(
    ({ kind, file, clauses }) =>
      kind === "source" && file === path && clauses.every(({ keyword }) => keyword !== "time"),
  );
  const edits = sources.map(({ declaration }) => withClause(mistake, declaration, "time event.time"));
  return edits.length === 0 ? [] : [{ title: "Group by arrival: 'time event.time'", edits }];
};

const named: Mender = (mistake) => {
  const inputs = mistake.node?.inputs ?? [];
  const [a, b] = inputs;
  if (!a || !b || inputs.length !== 2 || a.alias || b.alias) return [];
  const first = a.node.text[0] ?? "a";
  const names = [first, b.node.text[0] === first ? `${first}2` : (b.node.text[0] ?? "b")];
  const edits = [a, b].map(({ node, output }, i) => {
    const { end } = (output ?? node).span;
    return replaced(mistake, { start: end, end }, ` as ${names[i]}`);
  });
  return [{ title: `Name the inputs '${names[0]}' and '${names[1]}'`, edits }];
};

const outputAway: Mender = (mistake) => {
  const { start, end } = mistake.diagnostic.at;
  const dot = mistake.text[start - 1] === "." ? start - 1 : start;
  return [{ title: "Read the node itself", edits: [replaced(mistake, { start: dot, end }, "")] }];
};

const atLeastOnce: Mender = (mistake) => {
  const header = mistake.analysis.tree.declarations.find((one) => one.kind === "pipeline");
  const delivery = header?.clauses.find(({ keyword }) => keyword.text === "delivery");
  return delivery
    ? [{ title: "Promise 'at_least_once'", edits: [replaced(mistake, delivery.span, "delivery at_least_once")] }]
    : [];
};

const fromOne: Mender = (mistake) => {
  const range = mistake.clause?.arguments.find(({ value }) => value.kind === "range")?.value;
  return range?.kind === "range"
    ? [{ title: "Begin the range at 1", edits: [replaced(mistake, range.from.span, "1")] }]
    : [];
};

const twoReplicas: Mender = (mistake) => {
  const { clause } = mistake;
  return clause ? [{ title: "Change to 'replicas 2'", edits: [replaced(mistake, clause.span, "replicas 2")] }] : [];
};

const nearCode: Mender = (mistake) => {
  const near = nearest(mistake.written, Object.keys(codes));
  return near === undefined ? [] : instead(near)(mistake);
};

const toDeadLetter: Mender = (mistake) => [
  { title: "Send bad events to a dead letter file", edits: deadLetter(mistake) },
];

const kafkaForStages: Mender = (mistake) => {
  const { analysis, text } = mistake;
  if (analysis.tree.declarations.some(({ kind }) => kind === "pipeline")) return [];
  const [first] = analysis.tree.declarations;
  const at = first ? withComments(analysis.tree, text, first).start : 0;
  const header = `pipeline ${analysis.model.name.replaceAll("-", "_")} { kafka { brokers: ["kafka:9092"] } }\n\n`;
  return [
    { title: "Give the pipeline a Kafka for its stages", edits: [replaced(mistake, { start: at, end: at }, header)] },
  ];
};

const aroundValues = wrappedIn("string", "int", "double", "timestamp", "bool");

export const menders: Readonly<Partial<Record<Code, readonly Mender[]>>> = {
  FLOW1001: [textAway],
  FLOW1010: [textAway],
  FLOW1011: [textAway],
  FLOW1021: [wordAway],
  FLOW2003: [otherName, declarationAway],
  FLOW2005: [otherName],
  FLOW2006: [otherName],
  FLOW2009: [missingOptions],
  FLOW2010: [declaredParam],
  FLOW2012: [entryAway],
  FLOW2014: [connectorFor],
  FLOW2015: [clauseAway],
  FLOW2017: [missingClause],
  FLOW2018: [anOptionAway],
  FLOW2020: [clauseAway],
  FLOW3006: [aroundValues],
  FLOW3007: [compared],
  FLOW3008: [aroundValues],
  FLOW3009: [aroundValues],
  FLOW3018: [wrappedIn("first", "last")],
  FLOW3022: [aroundValues],
  FLOW3028: [entryAway],
  FLOW3033: [aroundValues],
  FLOW3507: [withOrValue, wrappedIn("string")],
  FLOW3509: [entryAway],
  FLOW4002: [readBySink, declarationAway],
  FLOW4003: [textAway],
  FLOW4004: [outputAway],
  FLOW4005: [named],
  FLOW4007: [timeOfArrival],
  FLOW4008: [addedClause("early every 10s")],
  FLOW4009: [toDeadLetter],
  FLOW4010: [inputAway],
  FLOW4011: [fromNode],
  FLOW4012: [inputsAway, typeAway],
  FLOW4013: [addedClause("size 500", "every 5s")],
  FLOW4017: [clauseAway],
  FLOW4019: [clauseAway],
  FLOW5001: [twoReplicas],
  FLOW5002: [fromOne],
  FLOW5003: [atLeastOnce],
  FLOW5004: [atLeastOnce],
  FLOW5011: [kafkaForStages],
  FLOW9005: [nearCode],
};
