/** What workers are told of Kafka: groups, topics and their partitions. */
import { describe, expect, it } from "vitest";
import { compile } from "../../compile.ts";
import type { KafkaPlan, RuntimeConfig } from "../../contract/runtime-config.ts";
import { memoryHost } from "../../source/host.ts";
import { runtimeConfigs } from "../runtime-config.ts";

function configsOf(text: string, local = false): readonly RuntimeConfig[] {
  const { ir, diagnostics } = compile("p.flow", memoryHost({ "p.flow": text }));
  if (ir === undefined) throw new Error(diagnostics.map((one) => one.message).join("\n"));
  return runtimeConfigs(ir, { local });
}

const plansOf = (text: string, local = false): readonly (KafkaPlan | undefined)[] =>
  configsOf(text, local).map(({ kafka }) => kafka);

const topicsOf = (text: string): readonly string[] =>
  plansOf(text).flatMap((plan) =>
    (plan?.topics ?? [])
      .filter(({ role }) => role !== "dead_letter")
      .map(({ topic, partitions }) => `${topic} ${JSON.stringify(partitions)}`),
  );

const kafka = 'kafka { brokers: ["a:1"] }';
const head = (more = ""): string => `pipeline p { ${kafka} ${more} }\nsource s { kafka { topic: "in" } }\n`;
const out = (of: string): string => `\nsink o from ${of} { kafka { topic: "out" } }\n`;

describe("a stage", () => {
  it("is a consumer group of its own, in the Kafka of its sources", () => {
    const connection = { brokers: ["a:1"], tls: false };
    const window = "window w from s { key data.k global early after 2 emit { n: count() } }";
    expect(plansOf(head() + window + out("w"))).toMatchObject([
      { group: "argo.p.s", connection },
      { group: "argo.p.w-o", connection, changelog: "argo.p.w-o-changelog" },
    ]);
  });

  it("takes the group that its sources name", () => {
    const text = `source s { kafka { brokers: ["a:1"], topic: "in", group: "mine" } }${out("s").replace('topic: "out"', 'brokers: ["a:1"], topic: "out"')}`;
    expect(plansOf(text)).toMatchObject([{ group: "mine" }]);
  });

  it("has no changelog where nothing is kept, and no plan where nothing is Kafka", () => {
    expect(plansOf(head() + out("s"))[0]).not.toHaveProperty("changelog");
    expect(plansOf("source s { stdin {} } sink o from s { stdout {} }")).toEqual([undefined]);
  });

  it("marks the topics between stages, which carry watermarks", () => {
    const window = "window w from s { key data.k global early after 2 emit { n: count() } }";
    const marked = configsOf(head() + window + out("w")).map(({ nodes }) =>
      nodes.flatMap((node) => ("connector" in node && node.connector.options.watermarks === true ? [node.name] : [])),
    );
    expect(marked).toEqual([["w.from.s.out"], ["w.from.s"]]);
  });
});

describe("a local run", () => {
  it("is one group, with one state for all", () => {
    const window = "window w from s { key data.k global early after 2 emit { n: count() } }";
    expect(plansOf(head() + window + out("w"), true)).toEqual([
      {
        group: "argo.p",
        connection: { brokers: ["a:1"], tls: false },
        changelog: "argo.p-changelog",
        topics: [{ topic: "argo.p-changelog", role: "changelog", partitions: { count: 1 } }],
      },
    ]);
  });
});

describe("a topic between stages", () => {
  it("has as many partitions as the topics that its events come from, and as replicas of what reads it", () => {
    const window = "window w from s { key data.k global early after 2 emit { n: count() } replicas 6 }";
    const plan = '{"like":["in"],"least":6}';
    expect(topicsOf(head() + window + out("w"))).toEqual([
      `argo.p.w ${plan}`,
      `argo.p.w ${plan}`,
      `argo.p.w-o-changelog ${plan}`,
    ]);
  });

  it("has one where the window that reads it has one group for all", () => {
    const window = "window w from s { global early after 2 emit { n: count() } }";
    expect(new Set(topicsOf(head() + window + out("w")))).toEqual(
      new Set(['argo.p.w {"count":1}', 'argo.p.w-o-changelog {"count":1}']),
    );
  });

  it("has room to grow where nothing says how many", () => {
    const window = "window w from s { key data.k global emit { n: count() } }";
    const [first] = topicsOf(`pipeline p { ${kafka} }\nsource s { file { path: "in" } }\n${window}${out("w")}`);
    expect(first).toBe('argo.p.w {"count":4}');
  });

  it("has as many as the others into the same stage, and all that a join says is equal as its key", () => {
    const text = `${head()}source t { kafka { topic: "more" } }
window w from s as a, t as b { join a.data.id == b.data.id && b.data.x == a.data.x && a.data.n > 1 fixed 1m emit { id: a.data.id } }
${out("w")}`;
    expect(new Set(topicsOf(text))).toEqual(
      new Set(
        ["argo.p.w.0", "argo.p.w.1", "argo.p.w-o-changelog"].map(
          (topic) => `${topic} {"like":["in","more"],"least":1}`,
        ),
      ),
    );
    const keys = configsOf(text).flatMap(({ nodes }) =>
      nodes.flatMap((node) =>
        node.kind === "sink" && node.name.startsWith("w.") ? [JSON.stringify(node.connector.options.key)] : [],
      ),
    );
    expect(keys.map((key) => key?.match(/"field":"\w+"/g))).toEqual([
      ['"field":"id"', '"field":"x"'],
      ['"field":"id"', '"field":"x"'],
    ]);
    expect(keys.join()).not.toMatch(/"name":"[ab]"/);
  });
});

describe("bad events", () => {
  it("go to a topic of the pipeline in a cluster, and to a file locally", () => {
    const text = head() + out("s");
    expect(configsOf(text)[0]?.errors).toEqual({
      policy: "dead_letter",
      connector: { type: "kafka", options: { topic: "argo.p-dead-letter", brokers: ["a:1"], tls: false } },
    });
    expect(plansOf(text)[0]?.topics).toEqual([
      { topic: "argo.p-dead-letter", role: "dead_letter", partitions: { count: 1 } },
    ]);
    expect(configsOf(text, true)[0]?.errors).toEqual({ policy: "dead_letter" });
  });

  it("go where the file says", () => {
    const text = head('errors dead_letter { kafka { topic: "bad" } }') + out("s");
    expect(configsOf(text)[0]?.errors).toMatchObject({ connector: { options: { topic: "bad" } } });
    expect(plansOf(text)[0]?.topics).toEqual([]);
  });
});
