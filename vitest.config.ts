/** Test runner set-up: every `*.test.ts` in the tree, in Node; `*.kafka.test.ts` with a broker, which is started only for them. */
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { whyNoCluster } from "./test/kafka/cluster.ts";

const folders = ["compiler", "runtime", "lsp", "test", "examples", "vscode-extension/src"];

const withKafka = {
  extends: true as const,
  test: {
    name: "kafka",
    include: folders.map((folder) => `${folder}/**/*.kafka.test.ts`),
    globalSetup: ["test/kafka/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
} satisfies TestProjectConfiguration;

export default defineConfig({
  test: {
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: "flow",
          include: folders.map((folder) => `${folder}/**/*.test.ts`),
          exclude: ["**/*.kafka.test.ts", "**/node_modules/**"],
        },
      },
      ...(kafkaIsHere() ? [withKafka] : []),
    ],
  },
});

/** Where there is no broker the Kafka suites are left out, which one line says; in CI that is a failure. */
function kafkaIsHere(): boolean {
  const why = (process.env.KAFKA_BOOTSTRAP ?? "") === "" ? whyNoCluster() : undefined;
  if (why === undefined) return true;
  const filters = process.argv.slice(3).filter((argument) => !argument.startsWith("-"));
  if (filters.length === 0 || filters.some((filter) => filter.includes("kafka"))) {
    if (process.env.CI) throw new Error(`The Kafka suites cannot run: ${why}.`);
    process.stderr.write(`The Kafka suites (*.kafka.test.ts) are skipped: ${why}.\n`);
  }
  return false;
}
