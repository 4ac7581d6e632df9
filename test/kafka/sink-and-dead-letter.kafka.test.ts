/** A sink and the dead letter may be one topic: both write to the same partitions through the producer of the task. */
import { expect, it } from "vitest";
import { newName, newTopic, produce, readAll } from "./broker.ts";
import { stagesOf, startWorker } from "./worker.ts";

it.each(["at_least_once", "exactly_once"])(
  "a sink writes to the topic of the dead letter, with %s",
  async (delivery) => {
    const [input, output, other] = [await newTopic(1), await newTopic(1), await newTopic(1)];
    const text = `
type Number { n: int }
source numbers: Number { kafka { topic: "${input}" } }
sink first from numbers { kafka { topic: "${other}" } }
sink second from numbers { kafka { topic: "${output}" } }
`;
    const header = `errors dead_letter { kafka { topic: "${output}" } }`;
    const config = stagesOf(newName("p").replace("-", "_"), text, { delivery, local: true, header })[0]!;
    const records = Array.from({ length: 500 }, (_, n) => ({ key: "k", value: n % 2 === 0 ? `{"n":${n}}` : "bad" }));
    await produce(input, records);
    const run = startWorker(config, { tasks: "all", mayFail: true });
    const ended = run.done.then(
      () => "ended",
      (error) => String(error),
    );
    const all = expect
      .poll(async () => (await readAll(output)).length, { timeout: 15_000 })
      .toBe(500)
      .then(() => "all");
    expect(await Promise.race([ended, all])).toBe("all");
    run.stop();
    await run.done;
  },
  30_000,
);
