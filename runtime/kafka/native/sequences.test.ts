/** Sequences of batches, as the broker expects them. */
import { expect, it } from "vitest";
import { Sequences } from "./sequences.ts";

it("counts each partition by itself", () => {
  const sequences = new Sequences();
  sequences.stored({ topic: "a", partition: 0 }, 5);
  sequences.stored({ topic: "a", partition: 1 }, 7);
  sequences.stored({ topic: "b", partition: 0 }, 1);
  sequences.stored({ topic: "a", partition: 0 }, 2);
  const next = (topic: string, partition: number) => sequences.next({ topic, partition });
  expect([next("a", 0), next("a", 1), next("b", 0), next("b", 1)]).toEqual([7, 7, 1, 0]);
});

it("begins again from 0 after 2^31 − 1, in the middle of a batch too", () => {
  const sequences = new Sequences();
  const place = { topic: "a", partition: 0 };
  sequences.stored(place, 2 ** 31 - 2);
  expect(sequences.next(place)).toBe(2 ** 31 - 2);
  sequences.stored(place, 1);
  expect(sequences.next(place)).toBe(2 ** 31 - 1);
  sequences.stored(place, 4);
  expect(sequences.next(place)).toBe(3);
});
