/**
 * Whole .flow files, made up. `arbitraryProgram` gives pipelines that mean something: names exist, types fit, every node is
 * read. `arbitraryText` gives files that parse, with comments and odd spacing, whatever they mean.
 */
import fc from "fast-check";
import { scan } from "../../compiler/syntax/scan.ts";
import { anyExpression, boolExpression, intExpression, stringExpression } from "./arbitrary-expression.ts";

const types = `type Customer { name: string, country: string, age: int }

type Order {
  id: string
  qty: int
  price: double
  side: "buy" | "sell"
  note?: string
  tags: [string]
  paid: bool
  at: timestamp
  customer: Customer
  meta: {string: string}
}
`;

const maybe = (clause: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.option(clause, { nil: "" });
const duration = fc
  .tuple(fc.integer({ min: 1, max: 50 }), fc.constantFrom("ms", "s", "m", "h"))
  .map(([n, unit]) => `${n}${unit}`);
const block = (lines: readonly string[]): string =>
  `{\n${lines
    .filter((line) => line !== "")
    .map((line) => `  ${line}\n`)
    .join("")}}\n`;

/** Operators after which `data` is still an `Order`. */
const operator: fc.Arbitrary<string> = fc.oneof(
  boolExpression().map((test) => `filter ${test}`),
  intExpression().map((value) => `set data.qty = ${value}`),
  stringExpression().map((value) => `set data.customer.name = ${value}`),
  fc.constant("remove data.meta.extra"),
  fc.constant("time data.at"),
  fc.constant("sample 0.5"),
  fc.constant("throttle 100/s"),
  fc.constant('log "seen"'),
  stringExpression(1).map((subject) => `attributes { type: "order.seen", subject: ${subject} }`),
);

const source = (name: string): fc.Arbitrary<string> =>
  fc
    .record({
      connector: fc.constantFrom(
        `file { path: "${name}.ndjson" }`,
        `kafka { brokers: ["kafka:9092"], topic: "${name}" }`,
        "memory { events: [] }",
      ),
      watermark: maybe(
        fc
          .tuple(duration, maybe(duration.map((idle) => ` idle ${idle}`)))
          .map(([delay, idle]) => `watermark ${delay}${idle}`),
      ),
    })
    .map(({ connector, watermark }) => `source ${name}: Order ${block([connector, "time data.at", watermark])}`);

const windowKind = fc.oneof(
  duration.map((size) => `fixed ${size}`),
  fc.constant("global\n  early after 10"),
  duration.map((gap) => `session ${gap}`),
  fc.constant("sliding 10m every 1m"),
  fc.constant("count 10"),
);

const window = (name: string, from: string): fc.Arbitrary<string> =>
  fc
    .record({
      key: stringExpression(1),
      kind: windowKind,
      lateness: maybe(duration.map((lateness) => `lateness ${lateness}`)),
      panes: maybe(fc.constantFrom("panes accumulate", "panes discard")),
      where: maybe(fc.integer({ min: 0, max: 9 }).map((n) => `where count() > ${n}`)),
      total: intExpression(1),
    })
    .map(({ key, kind, lateness, panes, where, total }) => {
      const timed = kind.startsWith("global") || kind.startsWith("count") ? "" : lateness;
      return `window ${name} from ${from} ${block([`key ${key}`, kind, timed, panes, where, `emit { id: key, n: count(), total: sum(${total}) }`])}`;
    });

const userCode: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("http", "stdio", "fifo", "file", "socket").map((io) => `process { command: ["./score"], io: ${io} }`),
  duration.map((grace) => `container "score:1" { io: stdio, grace: ${grace} }`),
  fc.constantFrom(
    'container "score:1" { url: "unix:/run/score.sock", ready: "/up", concurrency: 2 }',
    'code javascript """\n  export default (event) => event.data\n"""',
  ),
);

/** What a step says of the results of its user code, and does with them. */
const answered: fc.Arbitrary<{ readonly type: string; readonly behind: string }> = fc.oneof(
  fc.constant({ type: "", behind: "" }),
  fc.constant({ type: ': { n: int, level: "high" | "low" | null, at?: timestamp }', behind: "filter data.n > 1" }),
  operator.map((behind) => ({ type: ": Order", behind })),
);

const chunk = (name: string, from: string): fc.Arbitrary<string> =>
  fc
    .record({
      key: maybe(stringExpression(1).map((key) => `key ${key}`)),
      close: fc.oneof(
        fc.integer({ min: 1, max: 1_000_000 }).map((size) => `size ${size}`),
        boolExpression(1).map((test) => `end when ${test}`),
        boolExpression(1).map((test) => `start when ${test}`),
      ),
      every: maybe(duration.map((every) => `every ${every}`)),
    })
    .map(({ key, close, every }) => `chunk ${name} from ${from} ${block([key, close, every])}`);

interface Route {
  readonly from: number;
  readonly where: string | undefined;
}

/** A pipeline that compiles: sources, steps in chains and branches, windows, and a sink for every end. */
export const arbitraryProgram: fc.Arbitrary<string> = fc
  .record({
    sources: fc.integer({ min: 1, max: 2 }),
    steps: fc.array(
      fc.record({
        operators: fc.array(operator, { minLength: 1, maxLength: 3 }),
        route: fc.record({ from: fc.nat(), where: fc.option(boolExpression(1), { nil: undefined }) }),
      }),
      { maxLength: 4 },
    ),
    windows: fc.array(fc.nat(), { maxLength: 2 }),
    chunks: fc.array(fc.tuple(fc.nat(), fc.option(userCode, { nil: undefined })), { maxLength: 2 }),
    delivery: maybe(fc.constantFrom("delivery at_least_once", 'labels { team: "shop" }', 'namespace "shop"')),
  })
  .chain(({ sources, steps, windows, chunks, delivery }) => {
    const orders = Array.from({ length: sources }, (_, i) => `orders_${i}`);
    const read = new Set<string>();
    const texts: fc.Arbitrary<string>[] = orders.map(source);
    for (const [i, { operators, route }] of steps.entries()) {
      const from = pick(orders, route, read);
      const name = `step_${i}`;
      orders.push(name);
      texts.push(fc.constant(`step ${name} from ${from} ${block(operators)}`));
    }
    const ends: string[] = [];
    for (const [i, from] of windows.entries()) {
      const input = orders[from % orders.length]!;
      read.add(input);
      texts.push(window(`window_${i}`, input));
      ends.push(`window_${i}`);
    }
    for (const [i, [from, program]] of chunks.entries()) {
      const input = orders[from % orders.length]!;
      read.add(input);
      texts.push(chunk(`chunk_${i}`, input));
      if (program !== undefined)
        texts.push(
          answered.map(({ type, behind }) => `step scored_${i}${type} from chunk_${i} ${block([program, behind])}`),
        );
      ends.push(program === undefined ? `chunk_${i}` : `scored_${i}`);
    }
    for (const order of orders) if (!read.has(order)) ends.push(order);
    const folder = (end: string): string => (/^(chunk|scored)/.test(end) ? `${end}/{chunk}` : end);
    const sinks = ends.map((end) => `sink out_${end} from ${end} { file { path: "out/${folder(end)}.ndjson" } }\n`);
    const header = `/// Made up.\npipeline made_up${delivery === "" ? "" : ` ${block([delivery])}`}\n`;
    return fc.tuple(...texts).map((nodes) => [header, types, ...nodes, ...sinks].join("\n"));
  });

/** The node that a step reads, with its condition. */
function pick(nodes: readonly string[], route: Route, read: Set<string>): string {
  const from = nodes[route.from % nodes.length]!;
  read.add(from);
  return route.where === undefined ? from : `${from} where ${route.where}`;
}

const clause = fc.oneof(
  anyExpression().map((value) => `filter (${value})`),
  anyExpression().map((value) => `map {\n a: (${value})\n }`),
  anyExpression(2).map((value) => `set data.a."b c".\`d-e\`["f"] = (${value})`),
  fc.constantFrom(
    "remove data.a, data.b",
    "flatten",
    'flatten { separator: "/" }',
    "dedupe event.id within 10m",
    "throttle 100/s",
    "sample .5",
  ),
  fc.constantFrom(
    "retry 5 backoff 100ms..10s else drop",
    "replicas 0..10 by lag 1000",
    "replicas partitions",
    'container "image" { io: http }',
    'process { command: ["a", "b"], io: socket, frames: length, timeout: 1s }',
    'code javascript """\n  export default   (event) =>  { \n\n\treturn event.data;  \n}\n""" {memory:64MiB}',
    "code   javascript r'''export default\n  /\\d/ // \"x\"\n   '''",
  ),
  anyExpression(1).map((value) => `attributes { type: "x", subject: (${value}) }`),
);

const typeText: fc.Arbitrary<string> = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom("string", "int", "any", "Line", '"buy" | "sell"', "1 | -2 | null", "{}"),
    tie("type").map((of) => `[${of}]`),
    tie("type").map((of) => `{string: ${of}}`),
    fc.tuple(tie("type"), tie("type")).map(([a, b]) => `{ a: ${a}, b?: ${b} }`),
    fc.tuple(tie("type"), tie("type")).map(([a, b]) => `{\n a: ${a}\n "b c"?: ${b},\n}`),
    tie("type").map((of) => `{ "string": ${of} }`),
    fc.tuple(tie("type"), tie("type")).map(([a, b]) => `${a}\n | ${b}`),
  ),
})).type;

const declaration = fc.oneof(
  fc
    .array(clause, { maxLength: 4 })
    .map((clauses) => `step a from b, c.errors as d where x > 1 {${clauses.map((one) => `\n${one}`).join("")}\n}`),
  fc.array(clause, { minLength: 1, maxLength: 2 }).map((clauses) => `step a from b otherwise { ${clauses.join(" ")} }`),
  typeText.map((type) => `type T ${type}`),
  fc.tuple(typeText, clause).map(([type, one]) => `step a: ${type} from b, c { ${one} }`),
  fc.constantFrom(
    'import "./a.flow"',
    'type X from schema("a.json")',
    "param p: [string] = []",
    "param q",
    "pipeline p",
    "pipeline p {}",
  ),
  fc.constantFrom(
    'pipeline p { errors dead_letter { file { path: "x" } } kafka { brokers: ["k"] } delivery exactly_once }',
  ),
  fc.tuple(typeText, anyExpression(2)).map(([type, body]) => `fn f(a: ${type}, b): int = (${body})`),
  anyExpression(2).map(
    (value) =>
      `window w from a {\nkey a, b\nsliding 10m every 1m\nearly every 5s\njoin (${value}) left\nemit (${value})\n}`,
  ),
  anyExpression(1).map((value) => `chunk c from a { size 5 end when (${value}) emit { n: (${value}) } }`),
  anyExpression(1).map(
    (value) =>
      `test "t" {\nlines at 0s { a: (${value}) }\nwatermark lines 61s\nadvance 1s\nrestart\nexpect w.late exactly [{ a: 1 } { a: 2 }] in any order\n}`,
  ),
  anyExpression(1).map(
    (value) =>
      `source s: T { generate { count: 5, rate: 100/s, data: (${value}) } time data.at format csv { separator: ";" } }`,
  ),
);

const comment = fc.constantFrom("// why", "/* block */", "/// doc", "/* two\n   lines */", "// last { \" ' [", "");

/** Splits at places where a comment and a line break may stand: line ends. */
function withComments(text: string, comments: readonly string[]): string {
  // A string of several lines must stay as it is.
  if (text.includes('"""')) return text;
  let next = 0;
  return text
    .split("\n")
    .flatMap((line) => {
      const one = comments[next++ % comments.length] ?? "";
      const kind = next % 3;
      if (one === "" || kind === 0) return [line];
      return kind === 1 ? [`${line} ${one}`] : [one, line];
    })
    .join("\n");
}

/** Puts a block comment before every so many tokens. */
function withBlockComments(text: string, every: number): string {
  if (every === 0) return text;
  const { tokens } = scan(text, () => {});
  let result = "";
  let from = 0;
  for (const [i, { startOffset }] of tokens.entries()) {
    if (i % every !== 0) continue;
    result += `${text.slice(from, startOffset)} /* ${i} */ `;
    from = startOffset;
  }
  return result + text.slice(from);
}

/** A file that parses: all declarations, all kinds of expressions, comments in many places. */
export const arbitraryText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(0, 0, 1, 3, 7),
    fc.array(declaration, { maxLength: 4 }),
    fc.array(comment, { minLength: 1, maxLength: 12 }),
    fc.constantFrom("\n", "\n\n", "\n\n\n\n"),
  )
  .map(([every, declarations, comments, between]) =>
    withBlockComments(declarations.map((one) => withComments(one, comments)).join(between), every),
  );
