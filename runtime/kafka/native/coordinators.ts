/** Questions of a producer to coordinators, which move: asked again until there is an answer. */
import { setTimeout as delay } from "node:timers/promises";
import { type ErrorPlace, kafkaError } from "../error-table.ts";
import type { BrokerChannel } from "./broker-channel.ts";
import type { BrokerApi } from "./broker-connection.ts";
import type { Cluster, CoordinatorKind } from "./cluster.ts";

export interface Question {
  readonly kind: CoordinatorKind;
  readonly key: string;
  readonly doing: string;
}

export type Trouble = ErrorPlace & { readonly code: number };

interface CoordinatorsOptions {
  readonly cluster: Cluster;
  readonly channel: BrokerChannel;
  /** Aborted with a `KafkaError`: whoever waits gets it. */
  readonly signal: AbortSignal;
}

const concurrentTransactions = 51;
/** The end of the last transaction takes some milliseconds; so long it is asked quickly. */
const quickForMs = 1_000;

export class Coordinators {
  readonly #options: CoordinatorsOptions;

  constructor(options: CoordinatorsOptions) {
    this.#options = options;
  }

  /** @param troubleOf what is wrong in an answer, if anything @throws KafkaError what is final */
  ask<Arguments extends unknown[], Answer>(
    { kind, key, doing }: Question,
    api: BrokerApi<Arguments, Answer>,
    args: Arguments,
    troubleOf: (answer: Answer) => Trouble | undefined,
  ): Promise<Answer> {
    const { cluster, channel, signal } = this.#options;
    const ask = async (): Promise<Answer> => {
      const quickUntilMs = performance.now() + quickForMs;
      for (;;) {
        signal.throwIfAborted();
        const node = await cluster.coordinator(kind, key);
        const answer = await channel.call(node, api, args);
        const trouble = troubleOf(answer);
        if (trouble === undefined) return answer;
        if (trouble.code !== concurrentTransactions || performance.now() > quickUntilMs)
          throw kafkaError(trouble.code, trouble);
        await delay(2 + Math.random() * 3);
      }
    };
    return cluster.retry(doing, async () => {
      try {
        return await ask();
      } catch (error) {
        // It may have moved, also where it said nothing or something else. Asking costs little.
        cluster.forgetCoordinator(kind, key);
        throw error;
      }
    });
  }
}
