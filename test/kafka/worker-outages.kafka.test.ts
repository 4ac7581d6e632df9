/** A worker whose brokers forbid something, cannot store, or are not there: it says what is wrong, or waits with a warning; and nothing is lost. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OptionValue, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { newName } from "./broker.ts";
import { type Cluster, type ClusterOptions, freePorts, startCluster } from "./cluster.ts";
import { copying, endOf, numbered, numbers, textsOf } from "./copying.ts";
import { Records } from "./records.ts";
import { warmUp } from "./warm-up.ts";
import { stagesOf, startWorker, stop, until } from "./worker.ts";

const clients = ["native", "kafkajs"] as const;
const deliveries = ["at_least_once", "exactly_once"] as const;
const everyCombination = clients.flatMap((client) => deliveries.map((delivery) => ({ client, delivery })));

/** A cluster for the tests of a suite. */
function withCluster(options: () => ClusterOptions) {
  const own: { cluster: Cluster; records: Records } = { cluster: undefined!, records: undefined! };
  beforeAll(async () => {
    own.cluster = await startCluster(options());
    await warmUp(own.cluster.bootstrap);
    own.records = new Records(own.cluster.bootstrap);
  });
  afterAll(() => own.cluster?.stop());
  return {
    own,
    newTopic: async (partitions: number): Promise<string> => {
      const topic = newName();
      await own.records.makeTopic(topic, partitions);
      return topic;
    },
    outputHas: (topic: string, count: number) =>
      until(
        () => textsOf(own.records, topic).catch((): readonly string[] => []),
        (seen) => seen.length >= count,
      ),
  };
}

describe("a cluster that forbids", () => {
  const { own, newTopic, outputHas } = withCluster(() => ({
    secure: true,
    properties: [
      "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      "allow.everyone.if.no.acl.found=true",
      "super.users=User:ANONYMOUS",
    ],
  }));

  /** As the user whose rights are looked at. */
  function secured(config: RuntimeConfig): RuntimeConfig {
    const connection: OptionValue = {
      brokers: [own.cluster.secureBootstrap!],
      tls: { ca: readFileSync(join(own.cluster.folder, "ca.pem"), "utf8") },
      sasl: { mechanism: "scram-sha-256", username: "test", password: "test" },
    };
    return JSON.parse(JSON.stringify(config), (_, value) =>
      typeof value === "object" && value !== null && "brokers" in value ? { ...value, ...connection } : value,
    );
  }

  /** Everything is allowed but this. @returns gives it back */
  async function deny(
    kind: "TOPIC" | "GROUP" | "TRANSACTIONAL_ID" | "CLUSTER",
    resourceName: string,
    operation: "READ" | "WRITE" | "DESCRIBE" | "CREATE",
  ) {
    const rule = {
      resourceType: AclResourceTypes[kind],
      resourceName,
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: "User:test",
      host: "*",
    };
    const denied = { ...rule, operation: AclOperationTypes[operation], permissionType: AclPermissionTypes.DENY };
    const allowed = { ...rule, operation: AclOperationTypes.ALL, permissionType: AclPermissionTypes.ALLOW };
    await own.records.asAdmin((admin) => admin.createAcls({ acl: [allowed, denied] }));
    return () => own.records.asAdmin((admin) => admin.deleteAcls({ filters: [denied] }));
  }

  describe.each(everyCombination)("with $client, $delivery", ({ client, delivery }) => {
    const copy = async () => {
      const [input, output] = [await newTopic(2), await newTopic(2)];
      const config = secured(copying(input, output, { delivery, brokers: own.cluster.bootstrap }));
      return { input, output, config, group: config.kafka?.group ?? `argo.${config.pipeline}` };
    };
    const cases = [
      { what: "to see its input", subject: "input", operation: "DESCRIBE" },
      { what: "to read its input", subject: "input", operation: "READ" },
      { what: "to write its output", subject: "output", operation: "WRITE" },
      { what: "to join its group", subject: "group", operation: "READ" },
    ] as const;
    it.each(cases)(
      "a worker $what ends it at once with the name and what to grant; then it reads all",
      async ({ subject, operation }) => {
        const { input, output, config, group } = await copy();
        await own.records.produce(input, numbers(20));
        const name = subject === "group" ? group : subject === "input" ? input : output;
        const giveBack = await deny(subject === "group" ? "GROUP" : "TOPIC", name, operation);
        const end = await endOf(startWorker(config, { client, mayFail: true }));
        expect(end).toContain(`'${name}'`);
        expect(end).toMatch(/Grant it .*(READ|WRITE)/);
        await giveBack();
        const run = startWorker(config, { client });
        await outputHas(output, 20);
        await stop(run);
        expect([...(await textsOf(own.records, output))].sort()).toEqual(numbered(20));
      },
    );

    it.each(["input", "output"] as const)(
      "a running worker its %s ends it with the name and what to grant; then nothing is missing",
      async (which) => {
        const topics = await copy();
        const { input, output, config } = topics;
        await own.records.produce(input, numbers(20));
        const run = startWorker(config, { client, mayFail: true });
        await outputHas(output, 20);
        const giveBack = await deny("TOPIC", topics[which], which === "input" ? "READ" : "WRITE");
        await own.records.produce(input, numbers(20, 20));
        const end = await endOf(run);
        expect(end).toContain(`topic '${topics[which]}'`);
        expect(end).toMatch(/Grant it .*(READ|WRITE)/);
        await giveBack();
        const again = startWorker(config, { client });
        await outputHas(output, 40);
        await stop(again);
        const seen = await textsOf(own.records, output);
        expect([...new Set(seen)].sort()).toEqual(numbered(40));
        if (delivery === "exactly_once") expect(seen.length).toBe(40);
      },
    );
  });

  it.each(clients)("the making of topics ends a stage that needs one, which names it, with %s", async (client) => {
    const [input, output] = [await newTopic(1), await newTopic(1)];
    const text = `type E { user: string }
source clicks: E { kafka { topic: "${input}" } }
window w from clicks { key data.user fixed 1m emit { user: key, n: count() } }
sink out from w { kafka { topic: "${output}" } }
`;
    const options = { brokers: own.cluster.bootstrap, local: true };
    const config = secured(stagesOf(newName("p").replace("-", "_"), text, options)[0]!);
    const topic = config.kafka!.changelog!;
    const giveBack = [await deny("CLUSTER", "kafka-cluster", "CREATE"), await deny("TOPIC", topic, "CREATE")];
    const end = await endOf(startWorker(config, { client, mayFail: true, tasks: "all" }));
    expect(end).toContain(`topic '${topic}'`);
    expect(end).toContain("CREATE");
    for (const give of giveBack) await give();
    await own.records.produce(input, [{ key: "a", value: '{"user":"a"}' }]);
    const run = startWorker(config, { client, tasks: "all" });
    await until(
      async () => run.stats().nodes.find(({ node }) => node === "w")?.eventsIn ?? 0,
      (count) => count === 1,
    );
    await stop(run);
  });

  it.each(clients)(
    "its transactions ends a worker with the transactional id and what to grant, with %s",
    async (client) => {
      const [input, output] = [await newTopic(1), await newTopic(1)];
      const config = secured(copying(input, output, { delivery: "exactly_once", brokers: own.cluster.bootstrap }));
      const id = `${config.kafka?.group ?? `argo.${config.pipeline}`}-0`;
      await deny("TRANSACTIONAL_ID", id, "WRITE");
      const end = await endOf(startWorker(config, { client, mayFail: true }));
      expect(end).toContain(`transactional id '${id}'`);
      expect(end).toContain("Grant it WRITE and DESCRIBE");
    },
  );
});

describe("brokers that are not there", () => {
  const { own, newTopic, outputHas } = withCluster(() => ({}));

  it.each(clients)("when it starts end a worker with their address, with %s", async (client) => {
    const [port] = await freePorts(1);
    const config = copying("a", "b", { brokers: `127.0.0.1:${port}` });
    const end = await endOf(startWorker(config, { client, mayFail: true }));
    expect(end).toContain(`127.0.0.1:${port}`);
  });

  it("for some time make running workers wait with a warning, and all go on by themselves", async () => {
    const all = await Promise.all(
      everyCombination.map(async ({ client, delivery }) => {
        const [input, output] = [await newTopic(2), await newTopic(2)];
        const config = copying(input, output, { delivery, brokers: own.cluster.bootstrap });
        await own.records.produce(input, numbers(50));
        const run = startWorker(config, { client });
        await outputHas(output, 50);
        return { input, output, run, delivery };
      }),
    );
    await own.cluster.kill(1);
    // The first warning comes after two seconds, the next ten later.
    await until(
      async () => all.map(({ run }) => run.warnings.length),
      (counts) => counts.every((count) => count > 0),
    );
    for (let tens = 0; tens < 2; tens++) {
      const before = all.map(({ run }) => run.warnings.length);
      await until(
        async () => all.map(({ run }) => run.warnings.length),
        (counts) => counts.every((count, at) => count > before[at]!),
      );
    }
    for (const { run, input } of all) expect(run.warnings.join("\n")).toContain(`topic '${input}'`);
    await own.cluster.up(1);
    for (const { input } of all) await own.records.produce(input, numbers(50, 50));
    for (const { output, run, delivery } of all) {
      await outputHas(output, 100);
      await stop(run);
      const seen = await textsOf(own.records, output);
      expect([...new Set(seen)].sort()).toEqual(numbered(100));
      if (delivery === "exactly_once") expect(seen.length).toBe(100);
    }
  }, 180_000);
});

describe("a broker that cannot store any more", () => {
  let disks = "";
  const { own, newTopic, outputHas } = withCluster(() => {
    disks = mkdtempSync(join(tmpdir(), "kafka-disks-"));
    return {
      properties: [
        `log.dirs=${disks}/a,${disks}/b`,
        `metadata.log.dir=${disks}/metadata`,
        "log.index.size.max.bytes=65536",
      ],
    };
  });
  afterAll(() => rmSync(disks, { recursive: true, force: true }));

  /** As on a full disk: what is beyond so many bytes of a file is refused, and the broker gives up the folder. */
  function limit(bytes: number): void {
    const pid = readFileSync(join(own.cluster.folder, "1.pid"), "utf8").trim();
    execFileSync("prlimit", ["--pid", pid, `--fsize=${bytes}:`]);
  }

  it.each(everyCombination)(
    "makes a worker wait with a warning that names the topic; with room again all is there, with $client, $delivery",
    async ({ client, delivery }) => {
      const [input, output] = [await newTopic(1), await newTopic(1)];
      const config = copying(input, output, { delivery, brokers: own.cluster.bootstrap });
      const large = "x".repeat(50_000);
      const records = numbers(100).map(({ key, value }) => ({ key: key!, value: `${String(value)} ${large}` }));
      for (let at = 0; at < 100; at += 10) await own.records.produce(input, records.slice(at, at + 10));
      limit(2_000_000);
      const run = startWorker(config, { client });
      await until(
        async () => run.warnings.join("\n"),
        (seen) => seen.includes(`topic '${output}'`) && seen.includes("its disk is full"),
      );
      await own.cluster.kill(1);
      await own.cluster.up(1);
      await outputHas(output, 100);
      await stop(run);
      const seen = (await textsOf(own.records, output)).map((text) => text.split(" ")[0]);
      expect([...new Set(seen)].sort()).toEqual(numbered(100));
      if (delivery === "exactly_once") expect(seen.length).toBe(100);
    },
    120_000,
  );
});
