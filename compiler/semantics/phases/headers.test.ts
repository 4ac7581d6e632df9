/** Holds what is found wrong in the head of a pipeline. */
import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("checks the header's clauses and the dead letter's connector", () => {
  expectMarked(`
pipeline orders {
  delivery exactly_onc
//         ^^^^^^^^^^^ error FLOW1018: \`exactly_onc\` is nothing that \`delivery\` takes. Did you mean 'exactly_once'?
  errors dead_letter { stdin {} }
//                     ^^^^^ error FLOW2013: 'stdin' cannot be a dead letter. Take one of 'file', 'stdout', 'log', 'http', 'memory', 'kafka', 'jetstream', 's3'.
  kafka { brokers: "kafka:9092", topic: "x" }
//                 ^^^^^^^^^^^^ error FLOW3501: 'brokers' must be a list of strings, not a string.
//                               ^^^^^ error FLOW2008: There is no option 'topic' in a kafka default. It takes 'brokers', 'tls', 'sasl'.
}
source orders { file { path: "a" } }
sink out from orders { file { path: "b" } }
`);
});
