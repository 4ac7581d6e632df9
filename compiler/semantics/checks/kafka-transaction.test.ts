/** Exactly once over Kafka is one transaction of one Kafka. */
import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("refuses sinks that cannot be in the transaction of what they come from", () => {
  expectMarked(`
pipeline copy { delivery exactly_once kafka { brokers: ["a:9092"] } }
source orders { kafka { topic: "orders" } }
source old { file { path: "old.ndjson" } }
sink out from orders { kafka { topic: "out" } }
sink kept from orders { file { path: "kept.ndjson" } }
//                      ^^^^ error FLOW5015: 'delivery exactly_once' is not possible with the sink 'kept': 'orders' reads from Kafka, and file cannot be in its transaction.
sink far from orders { kafka { topic: "out", brokers: ["b:9092"] } }
//                     ^^^^^ error FLOW5015: 'delivery exactly_once' is not possible with the sink 'far': it is in another Kafka than 'orders', and a transaction is in one.
sink both from orders, old { kafka { topic: "both" } }
//                           ^^^^^ error FLOW5015: 'delivery exactly_once' is not possible with the sink 'both': how far 'old' (file) was read cannot be in the transaction.
sink copied from old { file { path: "copied.ndjson" } }
`);
});

it("says nothing where nobody promised exactly once", () => {
  expectMarked(`
pipeline copy
source orders { kafka { topic: "orders", brokers: ["a:9092"] } }
sink kept from orders { file { path: "kept.ndjson" } }
`);
});
