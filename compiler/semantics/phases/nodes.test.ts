/** Nodes, their clauses, and the types that flow through them. */
import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("follows the type through the operators", () => {
  expectMarked(`
type Order { id: string, user: { name: string, email: string }, items: [Item] }
type Item { sku: string, qty: int }
source orders: Order { stdin {} }
step a from orders { set data.total = size(data.items) remove data.user.email filter data.user.email != "" }
//                                                                                             ^^^^^ error FLOW3002: 'data.user' ({ name: string }) has no field 'email'. It has 'name'.
step b from a { expand data.items filter data.qty > 1 && data.sku == 1 }
//                                                       ^^^^^^^^^^^^^ error FLOW3001: This compares string with int, which never match. Convert one of them: 'int(…)' or 'string(…)'.
step f from a { remove data.user.nam, data.item set data.id.x = 1 }
//                               ^^^ error FLOW3002: 'data.user' ({ name: string }) has no field 'nam'. Did you mean 'name'?
//                                         ^^^^ error FLOW3002: 'data' ({ id, user, items, … }) has no field 'item'. Did you mean 'items'?
//                                                          ^ error FLOW3021: '.x' finds nothing: string has no fields.
step c from a { map { id: data.id, n: data.total } filter data.total > 1 }
//                                                             ^^^^^ error FLOW3002: 'data' ({ id: string, n: int }) has no field 'total'. It has 'id', 'n'.
step d from orders { flatten filter data["user.name"] == "x" }
step e from orders { attributes { type: "order", subject: data.idd } log "x" }
//                                                             ^^^ error FLOW3002: 'data' (Order) has no field 'idd'. It has 'id', 'user', 'items'.
sink out from b, c, d, e, f { stdout {} }
`);
});

it("merges inputs into what they have in common", () => {
  expectMarked(`
type A { id: string, a: int }
type B { id: string, b: int }
source as: A { stdin {} }
source bs: B { file { path: "x" } }
step both from as, bs { filter data.id != "" && has(data.a) && data.c > 0 }
//                                                                  ^ error FLOW3002: 'data' ({ id: string, a?: int, b?: int }) has no field 'c'. It has 'id', 'a', 'b'.
sink out from both { stdout {} }
`);
});

it("knows what the errors of a node look like", () => {
  expectMarked(`
source orders { stdin {} }
sink out from orders { stdout {} }
step bad from orders.errors { filter data.reason != "" && data.nod == "x" }
//                                                             ^^^ error FLOW3002: 'data' ({ node, operator, at, … }) has no field 'nod'. Did you mean 'node'?
sink kept from bad { file { path: "bad.ndjson" } }
`);
});

it("checks keys, conditions and what a window emits", () => {
  expectMarked(`
type Order { id: string, tags: {string: string}, at: timestamp, total: double }
source orders: Order { stdin {} time data.at }
window a from orders { key data.tags fixed 1m emit { n: count() } }
//                         ^^^^^^^^^ error FLOW3507: A key cannot be {string: string}: it holds a map, which has no order of its own.
window b from orders where data.total { key data.id fixed 1m where count() emit { id: key, total: sum(data.total), t: data.total } }
//                         ^^^^^^^^^^ error FLOW3007: 'where' must be bool, not double. Compare it: '… != 0'.
//                                                                 ^^^^^^^ error FLOW3007: 'where' must be bool, not int. Compare it: '… != 0'.
//                                                                                                                    ^^^^ error FLOW3018: 'data' is a single event's; here only 'key', 'window', 'pane', 'chunk' and aggregates such as 'last(data…)' mean something.
step c from b { filter data.total > 1.0 && data.id > 1 }
//                                         ^^^^^^^^^^^ error FLOW3001: This compares string with int, which never match. Convert one of them: 'int(…)' or 'string(…)'.
sink out from a, c { stdout {} }
`);
});

it("looks rows of a table up by its key", () => {
  expectMarked(`
type Team { id: int, name: string }
table teams: Team { file { path: "teams.ndjson" } key data.id }
source orders { stdin {} }
step named from orders { set data.team = teams[data.team].?name.orValue("none") filter teams["x"].?nam.orValue("") != "" }
//                                                                                           ^^^ error FLOW3022: The key of table 'teams' is int, not string.
sink out from named { stdout {} }
`);
});

it("wants a connector, the options it needs, and the clauses a window cannot do without", () => {
  expectMarked(`
source orders { file {} }
//              ^^^^ error FLOW2009: The option 'path' is missing in a file source: A path, relative to the .flow file.
source more { watermark 5s }
//     ^^^^ error FLOW2014: The source 'more' has no connector. Give it one of 'file', 'stdin', 'generate', 'cron', 'http', 'memory', 'kafka', 'jetstream', 's3', 'db'.
table t { file { path: "x" } }
//    ^ error FLOW2017: The table 't' lacks a 'key': what its rows are looked up by, such as 'key data.id'.
//    ^ warning FLOW9001: The table 't' is never used. Use it or take it away.
window w from orders { key data.id }
//     ^ error FLOW2017: The window 'w' lacks the shape of its windows: 'fixed 1m', 'sliding 10m every 1m', 'session 30s', 'global' or 'count 100'.
sink out from more, w { log {} stdout {} }
//                             ^^^^^^ error FLOW2015: The sink 'out' already has a connector. Declare another sink for this one.
`);
});

it("refuses a topic's key that has no order of its own", () => {
  expectMarked(`
pipeline p { kafka { brokers: ["kafka:9092"] } }
type Order { id: string, m: {string: any} }
source orders: Order { stdin {} }
sink out from orders { kafka { topic: "out", key: data.m } }
//                                                ^^^^^^ error FLOW3507: A key cannot be {string: any}: it holds a map, which has no order of its own.
sink good from orders { kafka { topic: "good", key: data.id } }
`);
});

it("wants to know where to connect, unless the defaults say it or misspell it", () => {
  expectMarked(`
source orders { kafka { topic: "t" } }
//              ^^^^^ error FLOW2009: The option 'brokers' is missing in a kafka source: \`host:port\` of one or more brokers.
source more { kafka { topic: "u", broker: ["kafka:9092"] } }
//                                ^^^^^^ error FLOW2008: There is no option 'broker' in a kafka source. Did you mean 'brokers'?
sink a from orders, more { jetstream { subject: "t" } }
//                         ^^^^^^^^^ error FLOW2009: The option 'servers' is missing in a jetstream sink: \`host:port\` of one or more servers.
sink b from orders { db { table: "t" } }
//                   ^^ error FLOW2009: The option 'url' is missing in a db sink: The connection string.
sink c from orders { s3 { bucket: "b", key: "k" } }
`);
  expectMarked(
    `
import "./common.flow"
pipeline p { errors dead_letter { kafka { topic: "dead" } } }
source orders { kafka { topic: "t" } }
sink out from orders { stdout {} }
`,
    { "common.flow": 'pipeline common { kafka { brokers: ["kafka:9092"] } }\n' },
  );
});

it("sees what a generator, a clock and lines give", () => {
  expectMarked(`
source made { generate { count: 3, data: { id: i, even: i % 2 == 0 } } }
source ticks { cron { schedule: "@hourly" } }
source lines { stdin {} format lines }
step a from made { filter data.evn }
//                             ^^^ error FLOW3002: 'data' ({ id: int, even: bool }) has no field 'evn'. Did you mean 'even'?
step b from ticks { filter data.scheduled < timestamp("2030-01-01T00:00:00Z") }
step c from lines { filter data.x }
//                              ^ error FLOW3021: '.x' finds nothing: a string has no fields.
sink out from a, b, c { stdout {} }
`);
});

it("lets 'set' and 'remove' touch only fields of data", () => {
  expectMarked(`
source orders { stdin {} }
step a from orders { set total = 1 remove note }
//                       ^^^^^ error FLOW3510: 'set' takes a field of 'data', such as 'data.total', not 'total'.
//                                        ^^^^ error FLOW3510: 'remove' takes a field of 'data', such as 'data.total', not 'note'.
step b from orders { set event.type = "x" set data = 1 }
//                       ^^^^^^^^^^ error FLOW3510: 'set' takes a field of 'data', such as 'data.total', not 'event.type'. Attributes are set with 'attributes { … }'.
//                                            ^^^^ error FLOW3510: 'set' takes a field of 'data', such as 'data.total', not all of it. To replace all of it, write 'map …'.
sink out from a, b { stdout {} }
`);
});
