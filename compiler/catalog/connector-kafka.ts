/** Apache Kafka. */
import { notEmpty, only } from "./option-parts.ts";
import type { ConnectorRow, OptionLimit, OptionRow } from "./rows.ts";

const topicName: OptionLimit = {
  says: "a name of letters, digits, '.', '_' and '-', at most 249",
  pattern: /[A-Za-z0-9._-]{1,249}/,
};

const kafkaConnection: readonly OptionRow[] = [
  {
    name: "brokers",
    kind: "strings",
    limit: { says: "a list of at least one address", notEmpty: true },
    doc: "`host:port` of one or more brokers. May stand in the pipeline's defaults.",
  },
  {
    name: "tls",
    kind: "options",
    orBool: true,
    default: false,
    options: [
      {
        name: "ca",
        kind: "secret",
        doc: "The certificate (PEM) of the authority that signed the brokers'; the system's if not given.",
      },
      { name: "cert", kind: "secret", doc: "This client's certificate (PEM), where brokers ask for one." },
      { name: "key", kind: "secret", doc: "Its private key (PEM)." },
    ],
    doc: "Encrypts the connection: `true`, or a record of certificates.",
  },
  {
    name: "sasl",
    kind: "options",
    options: [
      {
        name: "mechanism",
        kind: "choice",
        default: "scram-sha-512",
        choices: [
          { name: "plain", doc: "PLAIN; only with `tls`." },
          { name: "scram-sha-256", doc: "SCRAM-SHA-256." },
          { name: "scram-sha-512", doc: "SCRAM-SHA-512." },
        ],
        doc: "How it signs in.",
      },
      { name: "username", kind: "secret", required: true, doc: "The user." },
      { name: "password", kind: "secret", required: true, doc: "The password." },
    ],
    doc: "Signs in.",
  },
];

export const kafka: ConnectorRow = {
  name: "kafka",
  roles: ["source", "sink", "table", "dead_letter", "defaults"],
  argument: "topic",
  options: [
    {
      name: "topic",
      kind: "string",
      required: true,
      limit: topicName,
      roles: ["source", "sink", "table", "dead_letter"],
      doc: "The topic.",
    },
    ...kafkaConnection,
    only(["source"], {
      name: "group",
      kind: "string",
      limit: notEmpty,
      doc: "The consumer group, one for all sources of a stage. If not given `argo.<pipeline>.<stage>`, and of `flow run` `argo.<pipeline>`.",
    }),
    only(["source"], {
      name: "start",
      kind: "choice",
      default: "earliest",
      choices: [
        { name: "earliest", doc: "From the oldest record." },
        { name: "latest", doc: "From now on." },
      ],
      doc: "Where a new group begins.",
    }),
    only(["source"], {
      name: "tombstones",
      kind: "choice",
      default: "events",
      choices: [
        { name: "events", doc: "Events whose `data` is null; a declared type must allow that: `Order | null`." },
        { name: "skip", doc: "Nothing." },
      ],
      doc: "What records without a value become.",
    }),
    only(["sink"], {
      name: "key",
      kind: "expr",
      doc: "The record's key, which decides its partition as in Java: a string or bytes as they are, anything else as its JSON text; null is no key. Without it a record from Kafka keeps the key that it came with, and others have none.",
    }),
    only(["sink"], {
      name: "headers",
      kind: "expr",
      type: "{string: string}",
      doc: "Headers of the record, besides those that it came with.",
    }),
    only(["sink"], {
      name: "partition",
      kind: "expr",
      type: "int",
      doc: "The partition, by its number, instead of by the key: the remainder by the number of partitions.",
    }),
    only(["sink"], {
      name: "compression",
      kind: "choice",
      default: "none",
      choices: [
        { name: "none", doc: "None." },
        { name: "gzip", doc: "gzip." },
        { name: "snappy", doc: "Snappy." },
        { name: "lz4", doc: "LZ4." },
        { name: "zstd", doc: "Zstandard." },
      ],
      doc: "How batches are compressed.",
    }),
    only(["sink"], {
      name: "tombstone",
      kind: "expr",
      type: "bool",
      doc: "Where it holds the record has no value, which deletes its key from a compacted topic.",
    }),
  ],
  source: { bounded: false, time: true, partitions: true, scaleToZero: true, replay: true },
  sink: { exactlyOnce: true, target: ["brokers", "topic"] },
  format: "json",
  doc: "Apache Kafka. An event's id is `topic/partition/offset`, its key as text `event.partitionkey`, its time the record's timestamp. What nothing touched leaves with its bytes, key, headers and timestamp. Topics must be there: only those between stages are made. docs/kafka.md says more.",
  example: 'kafka { brokers: ["kafka:9092"], topic: "orders" }',
  since: "0.1",
  runtime: true,
};
