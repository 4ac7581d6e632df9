import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("warns where bad events have no place to go", () => {
  expectMarked(`
source orders { jetstream { servers: ["nats:4222"], stream: "S", subject: "orders" } }
//     ^^^^^^ warning FLOW4009: Bad events have nowhere to go: on a cluster they are kept in a Kafka topic, and this pipeline knows only 'jetstream' and 's3'. Add 'errors dead_letter { … }' or read '.errors'.
sink out from orders { s3 { bucket: "b", key: "orders/" } }
`);
});

it("is quiet where somebody reads them, or a topic keeps them", () => {
  expectMarked(`
source orders { jetstream { servers: ["nats:4222"], stream: "S", subject: "orders" } }
sink out from orders { s3 { bucket: "b", key: "orders/" } }
sink bad from orders.errors { file { path: "bad.ndjson" } }
`);
});

it("is quiet with a topic", () => {
  expectMarked(`
source orders { kafka { brokers: ["kafka:9092"], topic: "orders" } }
sink out from orders { s3 { bucket: "b", key: "orders/" } }
`);
});
