/** What the records of a changelog come to, one after the other: the state as it was at the end of the last transaction. Knows no broker. */
import { RuntimeError } from "../../engine/runtime-error.ts";
import {
  formatVersion,
  type Item,
  joinParts,
  keyHeadBytes,
  readKey,
  readTotal,
  type Total,
} from "./changelog-records.ts";

/** An item that there is. */
export interface Found {
  readonly item: Item;
  readonly content: Buffer;
  readonly sum: number;
  readonly parts: number;
}

export class ChangelogContent {
  /** For messages: `topic 'a', partition 1`. */
  private readonly place: string;
  /** By key as latin1: the value of part 0 where there is no other, as with nearly all; else those of all parts. */
  private readonly valuesByKey = new Map<string, Buffer | Map<number, Buffer>>();

  constructor(place: string) {
    this.place = place;
  }

  /** @param value null is a tombstone. Both may be used again after the call. @throws RuntimeError "state-of-other-version", "state-damaged" */
  take(key: Buffer | null, value: Buffer | null): void {
    if (key === null || key.length === 0) throw stateDamaged(this.place, "a record has no key");
    if (key[0] !== formatVersion || (value !== null && value[0] !== formatVersion)) throw ofOtherVersion(this.place);
    const read = readKey(key);
    if (read === undefined) throw stateDamaged(this.place, "a key cannot be read");
    const name = nameOf(key);
    const values = this.valuesByKey.get(name);
    if (read.part === 0 && !(values instanceof Map)) {
      if (value === null) this.valuesByKey.delete(name);
      else this.valuesByKey.set(name, copyOf(value));
    } else this.takePart(name, read.part, value, values);
  }

  private takePart(name: string, part: number, value: Buffer | null, values: Buffer | Map<number, Buffer> | undefined) {
    const byPart = values instanceof Map ? values : new Map(values === undefined ? [] : [[0, values]]);
    if (value === null) byPart.delete(part);
    else byPart.set(part, copyOf(value));
    if (byPart.size === 0) this.valuesByKey.delete(name);
    else this.valuesByKey.set(name, byPart);
  }

  /** @throws RuntimeError "state-damaged" */
  found(): readonly Found[] {
    const items: Found[] = [];
    let total: Total | undefined;
    let sum = 0;
    for (const [name, values] of this.valuesByKey) {
      const key = Buffer.from(name, "latin1");
      const item = readKey(key)?.item;
      const joined = joinParts(key, values);
      if (item === undefined || joined === undefined) throw stateDamaged(this.place, "a record has changed");
      if (item.kind === "total") {
        total = readTotal(joined.content);
        continue;
      }
      sum = wrapped(sum + joined.sum);
      items.push({ item, content: joined.content, sum: joined.sum, parts: values instanceof Map ? values.size : 1 });
    }
    const expected = total ?? { items: 0, sum: 0 };
    if (expected.items !== items.length || expected.sum !== sum)
      throw stateDamaged(this.place, `${items.length} records are there, and ${expected.items} should be`);
    return items;
  }
}

/** The same for all parts. */
const nameOf = (key: Buffer): string => `${key.toString("latin1", 0, 2)}\0\0${key.toString("latin1", keyHeadBytes)}`;

/** A view would keep all bytes that were fetched with it. What is small shares its memory with what came with it, and stays as long. */
const copyOf = (bytes: Buffer): Buffer => Buffer.from(bytes);

/** Sums stay whole numbers that a double carries. */
export const wrapped = (sum: number): number => ((sum % 2 ** 52) + 2 ** 52) % 2 ** 52;

export function stateDamaged(place: string, what: string, cause?: unknown): RuntimeError {
  return new RuntimeError(
    "state-damaged",
    `The state in ${place} is damaged (${what}). Stop the stage, delete the topic, and start again: it is made anew, and windows begin empty. To have again what they held, set the offsets of the group back too (kafka-consumer-groups.sh --reset-offsets).`,
    cause === undefined ? {} : { cause },
  );
}

function ofOtherVersion(place: string): RuntimeError {
  return new RuntimeError(
    "state-of-other-version",
    `The state in ${place} was written by another version of flow, or the topic is used by somebody else. Finish it with that version, or stop the stage, delete the topic, and start again.`,
  );
}
