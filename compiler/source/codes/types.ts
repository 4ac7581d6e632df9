/** Diagnostics FLOW3xxx: the types of expressions. */
import { row } from "./code-row.ts";

/** A file in which a step does something with orders, for the examples. */
const step = (...clauses: readonly string[]): string =>
  `type Order { id: string, qty: int, price: double, side: "buy" | "sell", note?: string, tags: [string], at: timestamp }
source orders: Order { stdin {} }
step checked from orders {
${clauses.map((clause) => `  ${clause}\n`).join("")}}
sink out from checked { stdout {} }
`;

/** A file that sums up orders, for the examples of aggregates. */
const window = (...clauses: readonly string[]): string =>
  `type Order { id: string, qty: int, at: timestamp }
source orders: Order {
  stdin {}
  time data.at
}
window totals from orders {
  key data.id
  fixed 1m
${clauses.map((clause) => `  ${clause}\n`).join("")}}
sink out from totals { stdout {} }
`;

const table = (...clauses: readonly string[]): string =>
  `type Team { id: string, org?: string }
table teams: Team {
  file { path: "teams.ndjson" }
  key data.id
}
type Order { id: string, team: string }
source orders: Order { stdin {} }
step checked from orders {
${clauses.map((clause) => `  ${clause}\n`).join("")}}
sink out from checked { stdout {} }
`;

const before = (text: string, rest: string): string => `${text}\n${rest}`;

export const typeCodes = {
  FLOW3001: row<{ left: string; right: string; hint: string }>({
    severity: "error",
    title: "Comparing different types",
    message: ({ left, right, hint }) => `This compares ${left} with ${right}, which never match.${hint}`,
    why: "A comparison of values of different types gives the same answer for every event: a filter would drop or keep them all, silently.",
    mend: "Compare values of one type: mend the literal, or convert one side.",
    example: step('filter data.qty == "5"'),
    mended: step("filter data.qty == 5"),
  }),
  FLOW3002: row<{ field: string; of: string; type: string; hint: string }>({
    severity: "error",
    title: "Unknown field",
    message: ({ field, of, type, hint }) => `${of} (${type}) has no field '${field}'.${hint}`,
    why: "A field that the type lacks is absent in every event, or at least not promised by any. A misspelt name would fail or drop each of them.",
    mend: "Mend the name, or declare the field in the type; as optional, with '?', where it may be absent.",
    example: step("filter data.qtty > 5"),
    mended: step("filter data.qty > 5"),
  }),
  FLOW3003: row<{ operator: string; left: string; right: string; hint: string }>({
    severity: "error",
    title: "Operator on wrong types",
    message: ({ operator, left, right, hint }) =>
      `'${operator}' does not work on ${left}${right === "" ? "" : ` and ${right}`}.${hint}`,
    why: "Values are never converted silently, so that a result never depends on how a value happens to look.",
    mend: "Convert one side: 'string(…)', 'int(…)', 'double(…)', 'timestamp(…)'.",
    example: step("set data.label = data.id + data.qty"),
    mended: step("set data.label = data.id + string(data.qty)"),
  }),
  FLOW3004: row<{ name: string; near: string }>({
    severity: "error",
    title: "Unknown function",
    message: ({ name, near }) => `There is no function '${name}'.${near}`,
    why: "Functions are those of CEL, those that the language adds, and those that the file declares with 'fn'.",
    mend: "Mend the name, or declare the function with 'fn'.",
    example: step("set data.id = data.id.toLowerCase()"),
    mended: step("set data.id = data.id.lowerAscii()"),
  }),
  FLOW3005: row<{ name: string; expected: string; found: string; signature: string }>({
    severity: "error",
    title: "Wrong number of arguments",
    message: ({ name, expected, found, signature }) =>
      `'${name}' takes ${expected} argument${expected === "1" || expected === "at least 1" ? "" : "s"}, not ${found}: ${signature}.`,
    why: "Each argument has its place and its meaning.",
    mend: "Give as many arguments as the function takes.",
    example: step("filter data.id.startsWith()"),
    mended: step('filter data.id.startsWith("A")'),
  }),
  FLOW3006: row<{ what: string; expected: string; found: string; hint: string }>({
    severity: "error",
    title: "Argument of the wrong type",
    message: ({ what, expected, found, hint }) => `${what} takes ${expected} here, not ${found}.${hint}`,
    why: "The call would fail for every event.",
    mend: "Give a value of the type that the function takes, or convert it.",
    example: step("filter data.id.startsWith(5)"),
    mended: step('filter data.id.startsWith("5")'),
  }),
  FLOW3007: row<{ what: string; expected: string; found: string; hint: string }>({
    severity: "error",
    title: "Expression of the wrong type",
    message: ({ what, expected, found, hint }) => `${what} must be ${expected}, not ${found}.${hint}`,
    why: "Nothing but this type makes sense here, and values are never converted silently.",
    mend: "Write an expression of this type: a comparison where a bool is needed.",
    example: step("filter data.qty && true"),
    mended: step("filter data.qty != 0 && true"),
  }),
  FLOW3008: row<{ first: string; second: string }>({
    severity: "error",
    title: "Branches of different types",
    message: ({ first, second }) => `The branches of '?:' have the types ${first} and ${second}. Give both one type.`,
    why: "Whatever uses the result would have to work for both types.",
    mend: "Convert one branch; null is allowed beside any type.",
    example: step('set data.level = data.qty > 5 ? "high" : 0'),
    mended: step('set data.level = data.qty > 5 ? "high" : "low"'),
  }),
  FLOW3009: row<{ what: string; type: string; allowed: string }>({
    severity: "error",
    title: "Value that cannot be a key",
    message: ({ what, type, allowed }) => `${what} cannot be ${type}: it must be ${allowed}.`,
    why: "Keys are compared and hashed, which needs values that are equal exactly when they look the same.",
    mend: "Use a key of an allowed type, or convert it with 'string(…)'.",
    example: step("set data.prices = { (data.price): data.id }"),
    mended: step("set data.prices = { (data.qty): data.id }"),
  }),
  FLOW3010: row<{ type: string }>({
    severity: "error",
    title: "Optional used as a value",
    message: ({ type }) => `This is optional: ${type} that may be absent. Say what holds then, with '.orValue(…)'.`,
    why: "'.?' and a table lookup give an optional, so that an absent value is thought of where it is used.",
    mend: "Add '.orValue(…)', or ask '.hasValue()'.",
    example: step('filter data.?note == "gift"'),
    mended: step('filter data.?note.orValue("") == "gift"'),
  }),
  FLOW3011: row<{ value: string; type: string; near: string }>({
    severity: "error",
    title: "Value that cannot occur",
    message: ({ value, type, near }) => `${value} is none of ${type}.${near}`,
    why: "The declared type lists all values there are; a comparison with another one is never true.",
    mend: "Mend the spelling, or add the value to the type.",
    example: step('filter data.side == "sel"'),
    mended: step('filter data.side == "sell"'),
  }),
  FLOW3013: row<{ operator: string }>({
    severity: "error",
    title: "Division by zero",
    message: ({ operator }) => `'${operator}' by zero is an error for every event.`,
    why: "An int has no infinity, so there is no result.",
    mend: "Divide by something else, or compute with doubles.",
    example: step("filter data.qty % 0 == 1"),
    mended: step("filter data.qty % 2 == 1"),
  }),
  FLOW3014: row<{ problem: string }>({
    severity: "error",
    title: "Broken regular expression",
    message: ({ problem }) => `This is no regular expression: ${problem}. The syntax is RE2.`,
    why: "It would fail for every event. RE2 has no back-references and no look-around, and in return never takes long.",
    mend: 'Mend the pattern. In a raw string, r"…", a backslash is written once.',
    example: step('filter data.id.matches("[A-")'),
    mended: step('filter data.id.matches("[A-Z]")'),
  }),
  FLOW3015: row<{ text: string; type: string; example: string }>({
    severity: "error",
    title: "Text that does not convert",
    message: ({ text, type, example }) => `'${text}' does not read as a ${type}; one is written ${example}.`,
    why: "The conversion would fail for every event.",
    mend: "Write the text in the form that the conversion reads.",
    example: step('filter data.at > timestamp("2026-02-30T00:00:00Z")'),
    mended: step('filter data.at > timestamp("2026-02-28T00:00:00Z")'),
  }),
  FLOW3016: row<{ name: string }>({
    severity: "error",
    title: "Aggregate outside emit",
    message: ({ name }) => `'${name}' speaks of all events of a window or chunk: it belongs in its 'emit' or 'where'.`,
    why: "Here there is one event at a time and nothing to sum up.",
    mend: "Put it in the 'emit' of a window or chunk.",
    example: step("set data.total = sum(data.qty)"),
    mended: window("emit { id: key, total: sum(data.qty) }"),
  }),
  FLOW3017: row<{ name: string }>({
    severity: "error",
    title: "Aggregate in an aggregate",
    message: ({ name }) => `'${name}' is inside another aggregate, whose argument is about one event.`,
    why: "The argument of an aggregate is evaluated for each event, before anything is summed up.",
    mend: "Take the inner aggregate out, or use a second window.",
    example: window("emit { id: key, most: max(sum(data.qty)) }"),
    mended: window("emit { id: key, most: max(data.qty) }"),
  }),
  FLOW3018: row<{ name: string }>({
    severity: "error",
    title: "Single event in emit",
    message: ({ name }) =>
      `'${name}' is a single event's; here only 'key', 'window', 'pane', 'chunk' and aggregates such as 'last(${name}…)' mean something.`,
    why: "A result is made of all events of a window or chunk; which of them is meant must be said.",
    mend: "Use an aggregate, 'first(…)', 'last(…)', 'list(…)', or make the value part of the key.",
    example: window("emit { id: key, qty: data.qty }"),
    mended: window("emit { id: key, qty: last(data.qty) }"),
  }),
  FLOW3019: row<Record<string, never>>({
    severity: "error",
    title: "has() without a field",
    message: () => "'has(…)' takes a field: 'has(data.note)'.",
    why: "It asks whether a field is there; any other expression has a value or fails.",
    mend: "Name a field. For a key of a map write 'key in map', for an optional '.hasValue()'.",
    example: step("filter has(data)"),
    mended: step("filter has(data.note)"),
  }),
  FLOW3020: row<{ type: string; hint: string }>({
    severity: "error",
    title: "Never null",
    message: ({ type, hint }) => `This is ${type}, which is never null.${hint}`,
    why: "The type says that there is always a value, and a source refuses events without it. The comparison gives the same answer for every event.",
    mend: "Leave the comparison out, or let the type allow null ('string | null') or absence ('note?: string').",
    example: step("filter data.id != null"),
    mended: step('filter data.id != ""'),
  }),
  FLOW3021: row<{ field: string; type: string; hint: string }>({
    severity: "error",
    title: "Value without fields",
    message: ({ field, type, hint }) => `'.${field}' finds nothing: ${type} has no fields.${hint}`,
    why: "Only records and maps have fields.",
    mend: "Call a function instead, or declare the type as a record.",
    example: step("filter data.id.size > 3"),
    mended: step("filter data.id.size() > 3"),
  }),
  FLOW3022: row<{ what: string; expected: string; found: string; hint: string }>({
    severity: "error",
    title: "Index of the wrong type",
    message: ({ what, expected, found, hint }) => `${what} is ${expected}, not ${found}.${hint}`,
    why: "No element would ever be found.",
    mend: "Use an index of the right type: an int for a list, the key's type for a map or table.",
    example: step('filter data.tags["first"] == "a"'),
    mended: step('filter data.tags[0] == "a"'),
  }),
  FLOW3023: row<{ type: string; hint: string }>({
    severity: "error",
    title: "Value that cannot be indexed",
    message: ({ type, hint }) => `'[…]' finds nothing: ${type} has no elements.${hint}`,
    why: "Only lists, maps, records and tables have elements.",
    mend: "Use a function instead, such as '.charAt(…)' or '.substring(…)'.",
    example: step('filter data.id[0] == "A"'),
    mended: step('filter data.id.charAt(0) == "A"'),
  }),
  FLOW3024: row<Record<string, never>>({
    severity: "error",
    title: "Not the name of a variable",
    message: () => "A macro binds a variable, so its name stands here: '.map(x, …)'.",
    why: "The rest of the macro speaks of each element by this name.",
    mend: "Write a simple name first, then what is to be done with it.",
    example: step('filter data.tags.exists(data.id, data.id == "a")'),
    mended: step('filter data.tags.exists(tag, tag == "a")'),
  }),
  FLOW3025: row<{ name: string }>({
    severity: "error",
    title: "Table without a key",
    message: ({ name }) => `'${name}' is a table: look a row up with '${name}[…]', or ask '… in ${name}'.`,
    why: "A table is large and changes; expressions see one row at a time.",
    mend: "Look up a row by its key.",
    example: table("filter size(teams) > 0"),
    mended: table("filter data.team in teams"),
  }),
  FLOW3026: row<{ name: string; type: string; hint: string }>({
    severity: "error",
    title: "Macro over no list",
    message: ({ name, type, hint }) => `'${name}' goes over a list or a map, not ${type}.${hint}`,
    why: "There are no elements to go over.",
    mend: "Use it on a list or a map.",
    example: step('filter data.id.exists(c, c == "a")'),
    mended: step('filter data.tags.exists(tag, tag == "a")'),
  }),
  FLOW3027: row<{ path: string; what: "schema" | "sample"; problem: string }>({
    severity: "error",
    title: "Type that cannot be read from a file",
    message: ({ path, what, problem }) => `No type can be read from the ${what} '${path}': ${problem}.`,
    why: "A schema is a JSON Schema that stands alone; a sample holds JSON records, one on a line.",
    mend: "Mend the file, or write the type out.",
    example: `type Order from sample("orders.ndjson")\nsource orders: Order { stdin {} }\nsink out from orders { stdout {} }\n`,
    files: { "orders.ndjson": "id,qty\na,5\n" },
    mended: `type Order { id: string, qty: int }\nsource orders: Order { stdin {} }\nsink out from orders { stdout {} }\n`,
  }),
  FLOW3028: row<{ name: string }>({
    severity: "error",
    title: "Field given twice",
    message: ({ name }) => `The field '${name}' is given twice; only one of them can hold.`,
    why: "One of the values would be lost.",
    mend: "Rename or remove one of them.",
    example: step("map { id: data.id, id: data.qty }"),
    mended: step("map { id: data.id, qty: data.qty }"),
  }),
  FLOW3029: row<{ type: string; hint: string }>({
    severity: "error",
    title: "Spread of no record",
    message: ({ type, hint }) => `'...' takes the fields of a record or map, not of ${type}.${hint}`,
    why: "There are no fields to take.",
    mend: "Spread a record, or give the value a name of its own.",
    example: step("map { ...data.tags, qty: data.qty }"),
    mended: step("map { tags: data.tags, qty: data.qty }"),
  }),
  FLOW3030: row<Record<string, never>>({
    severity: "error",
    title: "Expression too large",
    message: () =>
      "With its functions written out, this expression is too large or too deep. Split it over several steps.",
    why: "Functions are written out where they are called; functions that call functions twice and more grow fast.",
    mend: "Compute parts in an earlier step, with 'set'.",
    example: [
      "fn f0(x: int): int = x + x",
      ...Array.from({ length: 11 }, (_, i) => `fn f${i + 1}(x: int): int = f${i}(x) + f${i}(x)`),
      "source orders: int { stdin {} }",
      "step checked from orders { map f11(data) + f11(data) }",
      "sink out from checked { stdout {} }",
      "",
    ].join("\n"),
    mended:
      "fn double_it(x: int): int = x + x\nsource orders: int { stdin {} }\nstep checked from orders { map double_it(data) }\nsink out from checked { stdout {} }\n",
  }),
  FLOW3031: row<{ name: string; parameter: string; range: string }>({
    severity: "error",
    title: "Aggregate's constant that varies",
    message: ({ name, parameter, range }) => `The ${parameter} of '${name}' must be written out as a number, ${range}.`,
    why: "It decides what is kept while events come in, before there is a result.",
    mend: "Write a number or the name of a param.",
    example: window("emit { id: key, best: top(data.qty, data.qty) }"),
    mended: window("emit { id: key, best: top(3, data.qty) }"),
  }),
  FLOW3032: row<{ name: string; cycle: string }>({
    severity: "error",
    title: "Function that calls itself",
    message: ({ cycle }) => `Functions are written out where they are called, so none may call itself: ${cycle}.`,
    why: "Writing it out would never end. A pipeline's expressions always end, by design.",
    mend: "Use a macro over a list, such as '.map(x, …)', instead.",
    example: before(
      "fn down(n: int): int = n <= 0 ? 0 : down(n - 1)",
      "source numbers: int { stdin {} }\nsink out from numbers { stdout {} }\n",
    ),
    mended: before(
      "fn down(n: int): int = n <= 0 ? 0 : n - 1",
      "source numbers: int { stdin {} }\nstep less from numbers { map down(data) }\nsink out from less { stdout {} }\n",
    ),
  }),
  FLOW3033: row<{ name: string; expected: string; found: string }>({
    severity: "error",
    title: "Function with another result",
    message: ({ name, expected, found }) => `'${name}' is declared to give ${expected}, but this is ${found}.`,
    why: "Whoever calls it relies on what is declared.",
    mend: "Change the declared type or the expression.",
    example: before("fn label(id: string): string = id.size()", step("set data.id = label(data.id)")),
    mended: before("fn label(id: string): int = id.size()", step("set data.length = label(data.id)")),
  }),
  FLOW3034: row<{ name: string; type: string }>({
    severity: "error",
    title: "Param that is no value",
    message: ({ name }) => `'${name}' holds a secret or a rate, which only an option can use.`,
    why: "A secret must not end up in data, and a rate is no value of the language.",
    mend: "Use the param in an option of a connector.",
    example: before('param token: any = secret("api", "token")', step("set data.token = token")),
    mended: before('param token: string = "public"', step("set data.token = token")),
  }),
  FLOW3035: row<{ name: string; message: string; code: string }>({
    severity: "warning",
    title: "Code that does not fit the types",
    message: ({ name, message, code }) => `In the code of '${name}' TypeScript says: ${message} (${code})`,
    why: "The code would fail, or give something else than the step declares, for events that are as their type says. It is checked where the package `typescript` is installed, beside the file or in a folder above it; only `flow check` does it.",
    mend: "Correct the code, or the declared types. Where the code is right, silence the line or the code: `// @ts-ignore` in it, or the level of this diagnostic in `flow.config.json`.",
    example: `type Order { id: int, total: double }\nsource orders: Order { stdin {} }\nstep score from orders {\n  code javascript """\nexport default (event) => ({ id: event.data.id, score: event.data.totl / 100 })\n"""\n}\nsink out from score { stdout {} }\n`,
    mended: `type Order { id: int, total: double }\nsource orders: Order { stdin {} }\nstep score from orders {\n  code javascript """\nexport default (event) => ({ id: event.data.id, score: event.data.total / 100 })\n"""\n}\nsink out from score { stdout {} }\n`,
    when: "check, where TypeScript is installed",
  }),
};
