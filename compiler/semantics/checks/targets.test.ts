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

it("warns of a sink that feeds its own source", () => {
  expectMarked(`
source orders { kafka { brokers: ["kafka:9092"], topic: "orders" } }
sink again from orders { kafka { brokers: ["kafka:9092"], topic: "orders" } }
//                       ^^^^^ warning FLOW5008: 'again' writes to kafka 'orders', which 'orders' reads: events would go round for ever.
`);
});
