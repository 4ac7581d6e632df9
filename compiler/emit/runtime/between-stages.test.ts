/** Stages meet in topics that have brokers. */
import { expect, it } from "vitest";
import { compile } from "../../compile.ts";
import { memoryHost } from "../../source/host.ts";
import { ambiguousTopics, missingBrokers } from "./between-stages.ts";

function compiled(text: string, path = "p.flow") {
  const { ir, stages, diagnostics } = compile(path, memoryHost({ [path]: text }));
  if (ir === undefined || stages === undefined) throw new Error(diagnostics.map((one) => one.message).join("\n"));
  return { ir, stages };
}

const window = "window w from s { global early after 10 emit { n: count() } }";
const source = (options: string): string => `source s { kafka { topic: "in", ${options} } }\n`;
const sink = (options: string): string => `\nsink o from w { kafka { topic: "out", ${options} } }\n`;

/** The connections of the topics between stages. */
function between(text: string, path?: string) {
  const nodes = compiled(text, path).stages.flatMap((stage) => stage.nodes);
  return nodes.flatMap((node) => ("connector" in node && node.name.includes(".") ? [node.connector.options] : []));
}

it("puts the topics between stages where the only Kafka of sources and sinks is, with its whole connection", () => {
  const one = 'brokers: ["a:1"], tls: true';
  for (const options of between(source(one) + window + sink(one)))
    expect(options).toMatchObject({ brokers: ["a:1"], tls: true, topic: "argo.p.w" });
  for (const options of between(`${source(one)}${window}\nsink o from w { stdout {} }\n`))
    expect(options).toMatchObject({ brokers: ["a:1"], tls: true });
});

it("resolves the linear form, whose brokers are given at its ends", () => {
  const found = between(
    `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata: { name: linear }
spec:
  input: { from: { kafka: { brokers: ["kafka:9092"], topic: in } } }
  processors: [{ name: first, image: x }, { name: second, image: y }]
  output: { kafka: { brokers: ["kafka:9092"], topic: out } }
`,
    "p.yaml",
  );
  expect(found.length).toBeGreaterThan(0);
  for (const options of found) expect(options.brokers).toEqual(["kafka:9092"]);
});

it("asks which Kafka when there are several and the pipeline names none", () => {
  const [a, b] = ['brokers: ["a:1"]', 'brokers: ["b:1"]'];
  const several = source(a) + window + sink(b);
  const messages = (text: string) =>
    ambiguousTopics(compiled(text).ir).map(({ code, message }) => `${code} ${message}`);
  expect(messages(several)).toEqual([expect.stringMatching(/^FLOW5011 .*'s' and 'o'.*pipeline name { kafka/)]);
  expect(messages(`pipeline p { kafka { brokers: ["c:1"] } }\n${several}`)).toEqual([]);
  expect(messages(source(a) + window + sink(a))).toEqual([]);
  expect(messages(`${source(a)}sink o from s { kafka { topic: "out", ${b} } }\n`)).toEqual([]);
});

it("warns when stages need topics and no Kafka is named anywhere", () => {
  const codes = (text: string) => missingBrokers(compiled(text).ir).map(({ code, severity }) => `${severity} ${code}`);
  const local = `source s { stdin {} }\n${window}\nsink o from w { stdout {} }\n`;
  expect(codes(local)).toEqual(["warning FLOW5012"]);
  expect(codes(`pipeline p { kafka { brokers: ["c:1"] } }\n${local}`)).toEqual([]);
  expect(codes(`${source('brokers: ["a:1"]')}${window}\nsink o from w { stdout {} }\n`)).toEqual([]);
  expect(codes("source s { stdin {} }\nsink o from s { stdout {} }\n")).toEqual([]);
});
