/** The commands for what runs on Kafka: a stage by itself, how far it is behind, and its bad records. */
import { config, format, kafkaClient, param, usage, workerTimes } from "./command-options.ts";
import type { CommandOption, CommandRow } from "./command-row.ts";

export const worker: CommandRow = {
  name: "worker",
  arguments: "<config>",
  summary: "run one stage, as a cluster does",
  doc: 'Runs one stage of a pipeline from the runtime config that \'flow compile\' wrote. Where it reads Kafka it joins the consumer group of the stage, makes the topics that the pipeline needs for itself, and works on the partitions that it is given; start as many as there are partitions, anywhere. SIGTERM finishes what is in flight, commits, and leaves. Secrets come from the environment: secret("kafka", "password") is FLOW_SECRET_KAFKA_PASSWORD.',
  options: [
    kafkaClient,
    ...workerTimes,
    {
      flags: "--base <folder>",
      doc: "Where relative paths of the config begin; this folder by default.",
      completes: "folders",
    },
    {
      flags: "--dead-letter <file>",
      doc: "Where bad records go when the pipeline does not say: by default <pipeline>.dead-letter.ndjson in this folder.",
    },
    {
      flags: "--state <folder>",
      doc: "Of a stage that reads Kafka: copies of its state, so that a restart reads less of it from there. Of any other: how far it has come, and what it holds.",
      completes: "folders",
    },
    {
      flags: "--checkpoint-every <duration>",
      doc: "Of a stage that does not read Kafka, how often that is written: 1s by default.",
      completes: "nothing",
    },
    {
      flags: "--memory-cells <n>",
      doc: "How many keys in open windows stay in memory: 100000 by default.",
      whole: true,
      completes: "nothing",
    },
    {
      flags: "--stats <format>",
      choices: ["json"],
      doc: "Print the final figures as one JSON line on standard error.",
    },
    { flags: "-q, --quiet", doc: "No progress and no summary." },
  ],
  examples: [
    {
      command: "flow compile orders.flow && flow worker orders.runtime/orders-out.json",
      doc: "one stage of a pipeline",
    },
    {
      command: "FLOW_SECRET_KAFKA_PASSWORD=… flow worker orders.runtime/orders-out.json --stats json",
      doc: "with a secret, and figures when it ends",
    },
  ],
  exits: [
    "0 stopped in order, or its input ended",
    "1 the config is wrong, or the stage failed",
    usage,
    "130 ended at once by a second signal",
  ],
  completes: "json",
};

const brokers: CommandOption = {
  flags: "--brokers <addresses>",
  doc: "Where Kafka is, host:port with commas between; instead of what the file says.",
  completes: "nothing",
};

export const lag: CommandRow = {
  name: "lag",
  arguments: "<names...>",
  summary: "say how far a pipeline is behind in Kafka",
  doc: "Prints, for each stage of a pipeline that reads Kafka and each partition, what its consumer group has committed, where the partition ends, and how much lies between. Takes .flow files, Pipeline resources, and names of groups. It joins no group and changes nothing.",
  options: [
    format(["text", "json"], "text", "How to print it."),
    { flags: "--watch", doc: "Print it again every two seconds." },
    brokers,
    ...param,
    config,
  ],
  examples: [
    { command: "flow lag orders.flow", doc: "every stage of a pipeline" },
    { command: "flow lag argo.orders.totals --brokers localhost:9092 --format json", doc: "one group, for a script" },
    { command: "flow lag orders.flow --watch", doc: "again and again" },
  ],
  exits: ["0 printed", "1 the file has errors, or Kafka does not answer", usage],
  completes: "flow",
};

export const deadletter: CommandRow = {
  name: "deadletter",
  arguments: "<action> <file>",
  summary: "look at bad records, and send them again",
  doc: "'list' prints the bad records of a pipeline: why, where in the pipeline, from where, and the record as it came. 'replay' writes them back as they came, with key and headers, to the topics that they were read from; or with --to into a file, a line each. What was replayed is marked, and is neither listed nor replayed again. Takes the .flow file, whose dead letter is then found (a topic, or a file of this folder), or such a file itself.",
  options: [
    { flags: "--node <name>", doc: "Only those that failed in this node.", completes: "nothing" },
    { flags: "--reason <text>", doc: "Only those whose reason contains the text.", completes: "nothing" },
    {
      flags: "--position <text>",
      doc: "Only those whose position begins with the text: orders/0/12, orders/, orders.ndjson:1204.",
      completes: "nothing",
    },
    { flags: "--limit <n>", doc: "At most so many, the oldest first.", whole: true, completes: "nothing" },
    { flags: "--replayed", doc: "Those that were replayed already, too." },
    { flags: "--to <file>", doc: "Where 'replay' writes instead of into topics: a file to add to, or '-'." },
    { flags: "--dry-run", doc: "Say what 'replay' would do, and do nothing." },
    format(["text", "json"], "text", "How 'list' prints them; json is one object a line."),
    {
      flags: "--topic <name>",
      doc: "The topic of the dead letter, where the file does not say.",
      completes: "nothing",
    },
    brokers,
    kafkaClient,
    ...param,
    config,
  ],
  examples: [
    { command: "flow deadletter list orders.flow", doc: "what went wrong" },
    { command: "flow deadletter replay orders.flow --node parse --dry-run", doc: "what would be sent again" },
    {
      command: "flow deadletter replay orders.dead-letter.ndjson --to again.ndjson",
      doc: "from a file; then: flow run orders.flow --from orders=file:again.ndjson",
    },
  ],
  exits: [
    "0 listed, or all replayed",
    "1 the file has errors, Kafka does not answer, or some could not be replayed",
    usage,
  ],
  completes: "flow",
};
