/** A stage that copies one topic to another as text, and what goes through it. */
import { newName } from "./broker.ts";
import type { Records, RecordToStore } from "./records.ts";
import { stagesOf } from "./worker.ts";

export function copying(
  input: string,
  output: string,
  options: { readonly delivery?: string; readonly header?: string; readonly brokers?: string } = {},
) {
  const text = `source a { kafka { topic: "${input}" } format text }
sink b from a { kafka { topic: "${output}" } format text }\n`;
  return stagesOf(newName("p").replace("-", "_"), text, options)[0]!;
}

export const numbers = (count: number, from = 0): readonly RecordToStore[] =>
  Array.from({ length: count }, (_, i) => ({ key: `k${(from + i) % 7}`, value: `n${from + i}` }));

/** The values of `numbers`, sorted. */
export const numbered = (count: number, from = 0): readonly string[] =>
  Array.from({ length: count }, (_, n) => `n${from + n}`).sort();

export const textsOf = async (records: Records, topic: string): Promise<readonly string[]> =>
  (await records.readAll(topic)).map(({ value }) => value ?? "null");

/** The message of what ended a worker. */
export async function endOf(run: { readonly done: Promise<unknown> }): Promise<string> {
  return run.done.then(
    () => "it ended well",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
