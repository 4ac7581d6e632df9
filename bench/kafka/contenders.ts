/** Who takes part: each is a process that reads one topic and writes another until it is killed. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface Job {
  readonly bootstrap: string;
  readonly input: string;
  readonly output: string;
  readonly group: string;
  readonly delivery: string;
  readonly work: string;
  /** Of its own, empty. */
  readonly folder: string;
}

export interface Contender {
  readonly name: string;
  command(job: Job): readonly string[];
}

const here = import.meta.dirname;
const flow = join(here, "../../dist/flow.js");

export const flowContender: Contender = {
  name: "flow",
  command: (job) => [process.execPath, flow, "run", pipeline(job), "--quiet"],
};

export async function contenders(folder: string): Promise<readonly Contender[]> {
  const streams = kafkaStreams(folder);
  return [
    flowContender,
    ...(streams === undefined ? [] : [streams]),
    { name: "kafkajs", command: (job) => [process.execPath, join(here, "kafkajs.ts"), ...plain(job)] },
    { name: "platformatic", command: (job) => [process.execPath, join(here, "platformatic.ts"), ...plain(job)] },
  ];
}

const plain = ({ bootstrap, input, output, group, delivery, work }: Job): readonly string[] => [
  bootstrap,
  input,
  output,
  group,
  delivery,
  work,
];

const w1Steps = `step enriched from events {
  filter has(data.data.env) && data.data.service != ""
  set data.data.version = data.data.version.startsWith("v") ? data.data.version : "v" + data.data.version
  set data.data.env = data.data.env.lowerAscii()
  set data.data.org = orgs[data.data.user.team].?org.orValue("unknown")
  set data.data.processed = true
}
`;

/** Writes the .flow file of a job, and gives its path. */
export function pipeline({ bootstrap, input, output, group, delivery, work, folder }: Job): string {
  const source = `kafka { topic: "${input}", group: "${group}" }`;
  const head = `pipeline bench { delivery ${delivery} kafka { brokers: ["${bootstrap}"] } }\n`;
  const w1 = `${head}type Event { data: { service: string, env?: string, version: string, user: { team: string } } }
type Org { team: string, org: string }
table orgs: Org { file { path: "orgs.csv" } format csv key data.team }
source events: Event { ${source} }
${w1Steps}sink out from enriched { kafka { topic: "${output}" } }
`;
  const route = `${head}source events { ${source} format bytes }
sink out from events where event.?partitionkey.orValue("") != "" { kafka { topic: "${output}" } format bytes }
`;
  writeFileSync(
    join(folder, "orgs.csv"),
    `team,org\n${Array.from({ length: 10 }, (_, i) => `t${i},o${i}\n`).join("")}`,
  );
  const path = join(folder, "bench.flow");
  writeFileSync(path, work === "w1" ? w1 : route);
  return path;
}

/** Undefined, with a word, where there is no Java or no Maven. */
function kafkaStreams(folder: string): Contender | undefined {
  const jars = join(homedir(), ".cache/argo-dataflow/kafka-streams-4.3.1");
  const classes = join(folder, "classes");
  try {
    if (!existsSync(jars))
      execFileSync("mvn", [
        "-B",
        "-q",
        "-f",
        join(here, "pom.xml"),
        "dependency:copy-dependencies",
        `-DoutputDirectory=${jars}`,
      ]);
    mkdirSync(classes, { recursive: true });
    const path = readdirSync(jars)
      .map((name) => join(jars, name))
      .join(":");
    execFileSync("javac", ["-cp", path, "-d", classes, join(here, "Streams.java")]);
    return {
      name: "streams",
      command: (job) => [
        "java",
        "-Xmx512m",
        "-cp",
        `${classes}:${path}`,
        "Streams",
        job.bootstrap,
        job.input,
        job.output,
        job.group,
        job.delivery === "exactly_once" ? "exactly_once_v2" : job.delivery,
        job.work,
        join(job.folder, "state"),
      ],
    };
  } catch (error) {
    console.log(`Kafka Streams takes no part: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
    return undefined;
  }
}
