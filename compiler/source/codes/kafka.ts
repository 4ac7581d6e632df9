/** Diagnostics FLOW5xxx of pipelines on Kafka: where the topics between stages are, groups, and transactions. */
import { row } from "./code-row.ts";

export const kafkaCodes = {
  FLOW5011: row<{ first: string; other: string }>({
    severity: "error",
    title: "Several Kafkas, and none for the topics between stages",
    message: ({ first, other }) =>
      `This pipeline has topics between its stages, but '${first}' and '${other}' connect to Kafka differently. Say which Kafka they are in: 'pipeline name { kafka { brokers: ["host:9092"] } }'.`,
    why: "A pipeline with windows, keyed chunks or containers runs as several stages, joined by Kafka topics of its own.",
    mend: 'Give the pipeline a connection: `pipeline orders { kafka { brokers: ["kafka:9092"] } }`.',
    example: `source orders { kafka { brokers: ["a:9092"], topic: "orders" } time timestamp(data.at) }\nwindow counts from orders { fixed 1m emit { n: count() } }\nsink out from counts { kafka { brokers: ["b:9092"], topic: "counts" } }\n`,
    mended: `pipeline orders { kafka { brokers: ["a:9092"] } }\nsource orders { kafka { brokers: ["a:9092"], topic: "orders" } time timestamp(data.at) }\nwindow counts from orders { fixed 1m emit { n: count() } }\nsink out from counts { kafka { brokers: ["b:9092"], topic: "counts" } }\n`,
  }),
  FLOW5012: row<{ stages: number; pipeline: string }>({
    severity: "warning",
    title: "No Kafka for the topics between stages",
    message: ({ stages, pipeline }) =>
      `In a cluster this pipeline runs as ${stages} stages, joined by Kafka topics, and nothing says where that Kafka is. Write 'pipeline ${pipeline} { kafka { brokers: ["host:9092"] } }'.`,
    why: "Windows, keyed chunks, containers and other numbers of replicas begin a stage of their own. `flow run` needs no Kafka: it runs all stages in one process.",
    mend: 'Give the pipeline a connection: `pipeline counts { kafka { brokers: ["kafka:9092"] } }`.',
    example: `pipeline counts\nsource orders { stdin {} }\nwindow totals from orders { global emit { n: count() } }\nsink out from totals { stdout {} }\n`,
    mended: `pipeline counts { kafka { brokers: ["kafka:9092"] } }\nsource orders { stdin {} }\nwindow totals from orders { global emit { n: count() } }\nsink out from totals { stdout {} }\n`,
    when: "compile",
  }),
  FLOW5015: row<{ sink: string; why: string }>({
    severity: "error",
    title: "Sink outside of the Kafka transaction",
    message: ({ sink, why }) => `'delivery exactly_once' is not possible with the sink '${sink}': ${why}.`,
    why: "Exactly once on Kafka is one transaction: how far was read, what is kept, and what is written are committed together or not at all. What is not in the same Kafka is not in it.",
    mend: "Read from and write to one Kafka, or promise `delivery at_least_once`.",
    example: `pipeline copy { delivery exactly_once }\nsource orders { kafka { brokers: ["kafka:9092"], topic: "orders" } }\nsink out from orders { file { path: "copy.ndjson" } }\n`,
    mended: `pipeline copy { delivery exactly_once }\nsource orders { kafka { brokers: ["kafka:9092"], topic: "orders" } }\nsink out from orders { kafka { brokers: ["kafka:9092"], topic: "copy" } }\n`,
  }),
  FLOW5016: row<{ first: string; other: string; what: string; cure: string }>({
    severity: "error",
    title: "Sources of one stage that cannot share a group",
    message: ({ first, other, what, cure }) =>
      `'${first}' and '${other}' run in one process, as members of one consumer group, but ${what}. ${cure}`,
    why: "Nodes that need no topic between them are one stage, and a stage is one consumer group of one Kafka, so that partition p of all its topics is with the same worker.",
    mend: "Give both sources the same `group` and the same connection, leave `group` out, or make two pipelines.",
    example: `pipeline orders { kafka { brokers: ["kafka:9092"] } }\nsource web { kafka { topic: "web", group: "a" } }\nsource shop { kafka { topic: "shop", group: "b" } }\nsink out from web, shop { kafka { topic: "orders" } }\n`,
    mended: `pipeline orders { kafka { brokers: ["kafka:9092"] } }\nsource web { kafka { topic: "web", group: "a" } }\nsource shop { kafka { topic: "shop", group: "a" } }\nsink out from web, shop { kafka { topic: "orders" } }\n`,
  }),
  FLOW5017: row<{ first: string; other: string; group: string }>({
    severity: "error",
    title: "One group for several stages",
    message: ({ first, other, group }) =>
      `'${first}' and '${other}' are in different stages, but both are to be in the group '${group}'. Leave 'group' out of one, or give it another.`,
    why: "Kafka divides the partitions of a group's topics between all its members, so a worker of one stage would be given what only the other can read.",
    mend: "Give each stage a group of its own: leave `group` out.",
    example: `pipeline orders { kafka { brokers: ["kafka:9092"] } }\nsource web { kafka { topic: "web", group: "a" } }\nsource shop { kafka { topic: "shop", group: "a" } }\nsink web_out from web { kafka { topic: "web-orders" } }\nsink shop_out from shop { kafka { topic: "shop-orders" } }\n`,
    mended: `pipeline orders { kafka { brokers: ["kafka:9092"] } }\nsource web { kafka { topic: "web", group: "a" } }\nsource shop { kafka { topic: "shop", group: "b" } }\nsink web_out from web { kafka { topic: "web-orders" } }\nsink shop_out from shop { kafka { topic: "shop-orders" } }\n`,
  }),
  FLOW5018: row<{ node: string; source: string; group: string }>({
    severity: "warning",
    title: "Keys in a group that others may share",
    message: ({ node, source, group }) =>
      `'${node}' brings equal keys together, but only of the partitions that this process is given: while another process reads in the group '${group}' of '${source}', both have a part of the keys. Run it alone, or leave 'group' out.`,
    why: "On one machine all stages run in one process, with no topic between them that would bring equal keys together. That is right as long as the process reads all partitions.",
    mend: "Leave `group` out for local runs, or let nobody else be in the group.",
    example: `source orders { kafka { brokers: ["kafka:9092"], topic: "orders", group: "shop" } }\nwindow counts from orders { key data.id global early after 10 emit { n: count() } }\nsink out from counts { stdout {} }\n`,
    when: "run",
  }),
};
