/** Where sinks write: two to one place, and one into its own source. */
import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("refuses two sinks for one file, and one topic by default brokers", () => {
  expectMarked(`
pipeline p { kafka { brokers: ["kafka:9092"] } }
source orders { stdin {} }
sink a from orders { file { path: "out.ndjson" } }
sink b from orders { file { path: "out.ndjson" } }
//                   ^^^^ error FLOW5005: 'b' and 'a' both write to file 'out.ndjson'. Let one sink read both inputs: 'from a, b'.
sink c from orders { kafka { topic: "out" } }
sink d from orders { kafka { topic: "out", brokers: ["kafka:9092"] } }
//                   ^^^^^ error FLOW5005: 'd' and 'c' both write to kafka 'out'. Let one sink read both inputs: 'from a, b'.
sink e from orders { stdout {} }
sink f from orders { stdout {} }
`);
});

it("knows a file however its path is spelled", () => {
  expectMarked(`
source orders { file { path: "i.ndjson" } }
sink a from orders { file { path: "u" } }
sink b from orders { file { path: "./u" } }
//                   ^^^^ error FLOW5005: 'b' and 'a' both write to file './u'. Let one sink read both inputs: 'from a, b'.
sink c from orders { file { path: "x/..//u" } }
//                   ^^^^ error FLOW5005: 'c' and 'a' both write to file 'x/..//u'. Let one sink read both inputs: 'from a, b'.
sink d from orders { file { path: "../u" } }
sink e from orders { file { path: "/u" } }
sink f from orders { file { path: "/../u" } }
//                   ^^^^ error FLOW5005: 'f' and 'e' both write to file '/../u'. Let one sink read both inputs: 'from a, b'.
sink g from orders { file { path: "./i.ndjson" } }
//                   ^^^^ warning FLOW5008: 'g' writes to file 'i.ndjson', which 'orders' reads: events would go round for ever.
`);
});

it("lets several sinks send to one web address", () => {
  expectMarked(`
source orders { stdin {} }
sink a from orders { http { url: "http://localhost:8080/orders" } }
sink b from orders { http { url: "http://localhost:8080/orders" } }
`);
});

it("warns of a sink that feeds its own source", () => {
  expectMarked(`
source orders { kafka { brokers: ["kafka:9092"], topic: "orders" } }
sink again from orders { kafka { brokers: ["kafka:9092"], topic: "orders" } }
//                       ^^^^^ warning FLOW5008: 'again' writes to kafka 'orders', which 'orders' reads: events would go round for ever.
`);
});
