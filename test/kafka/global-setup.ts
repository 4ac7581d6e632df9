/** One broker for all Kafka suites of a test run; started only when there are some among those that run. */
import type { TestProject } from "vitest/node";
import { startCluster } from "./cluster.ts";
import { warmUp } from "./warm-up.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly kafkaBootstrap: string;
  }
}

export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.KAFKA_BOOTSTRAP;
  if (given !== undefined && given !== "") {
    project.provide("kafkaBootstrap", given);
    return undefined;
  }
  const cluster = await startCluster();
  try {
    await warmUp(cluster.bootstrap);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  project.provide("kafkaBootstrap", cluster.bootstrap);
  return () => cluster.stop();
}
