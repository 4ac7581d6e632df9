/** Sends bad records again: to the topics that they were read from, or into a file. Marked as replayed only once they are there. */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import type { Replay } from "../../runtime/kafka/dead-letters.ts";
import { reasonOf } from "./atomic-write.ts";
import { eachEntry, sayNoTopic, withClient } from "./deadletter-entries.ts";
import { type Entry, type Filter, filterOf } from "./deadletter-entry.ts";
import { markInFile } from "./deadletter-file.ts";
import type { DeadLetterPlace } from "./deadletter-place.ts";
import { CommandFailure, exitCodes, UsageError } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

type Options = Readonly<Record<string, unknown>>;

/** What is found, and read whole: what a command for people can hold. */
const mostAtOnce = 100_000;
/** In one transaction, and one mark. */
const batchSize = 200;

export async function replayAll(
  places: readonly DeadLetterPlace[],
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const filter = { ...filterOf(options), withReplayed: options.replayed === true };
  let failed = 0;
  for (const place of places) {
    const { entries, isThere } = await entriesOf(place, filter, options, terminal);
    if (!isThere && place !== places[0]) continue;
    if (!isThere) sayNoTopic(place, terminal);
    failed += await replayOne(place, entries, options, terminal);
  }
  return failed === 0 ? exitCodes.fine : exitCodes.diagnostics;
}

async function entriesOf(place: DeadLetterPlace, filter: Filter, options: Options, terminal: Terminal) {
  const entries: Entry[] = [];
  const limit = Math.min(filter.limit, mostAtOnce);
  const see = (entry: Entry) => void entries.push(entry);
  const isThere = await eachEntry(place, { ...filter, limit }, options, terminal, see);
  return { entries, isThere };
}

/** @returns how many could not be replayed */
async function replayOne(
  place: DeadLetterPlace,
  entries: readonly Entry[],
  options: Options,
  terminal: Terminal,
): Promise<number> {
  if (entries.length === mostAtOnce)
    terminal.err(`More than ${mostAtOnce} bad records in ${place.name}: these first, then call it again.\n`);
  const done =
    typeof options.to === "string"
      ? await toFile(options.to, entries, place, options, terminal)
      : await toTopics(entries, place, options, terminal);
  const what = options.dryRun === true ? "would be replayed" : "replayed";
  terminal.err(`${countOf(done.replayed)} of ${place.name} ${what}${done.target}.\n`);
  for (const [reason, count] of done.problems)
    terminal.err(terminal.errColors.yellow(`${countOf(count)} not: ${reason}.\n`));
  return [...done.problems.values()].reduce((sum, count) => sum + count, 0);
}

interface Done {
  readonly replayed: number;
  readonly target: string;
  readonly problems: ReadonlyMap<string, number>;
}

const countOf = (count: number): string => (count === 1 ? "1 bad record" : `${count} bad records`);

/** A line each, as they came. */
async function toFile(
  to: string,
  entries: readonly Entry[],
  place: DeadLetterPlace,
  options: Options,
  terminal: Terminal,
): Promise<Done> {
  const problems = new Map<string, number>();
  const seen = new Set<string>();
  const lines: Uint8Array[] = [];
  const marked: Entry[] = [];
  for (const entry of entries) {
    const problem = whyNoLine(entry);
    if (problem !== undefined) {
      problems.set(problem, (problems.get(problem) ?? 0) + 1);
      continue;
    }
    marked.push(entry);
    // Several parts of one record failed: it goes back once.
    const from = sourceOf(entry.position);
    if (seen.has(from)) continue;
    seen.add(from);
    lines.push(entry.bytes!, newline);
  }
  const target = ` into ${to === "-" ? "standard output" : to}`;
  if (options.dryRun === true || marked.length === 0) return { replayed: marked.length, target, problems };
  if (to === "-") for (const line of lines) writeSync(1, line);
  else addTo(resolve(terminal.cwd, to), lines);
  await mark(marked, place, options, terminal);
  return { replayed: marked.length, target, problems };
}

const newline = Buffer.from("\n");

function whyNoLine({ bytes, isOutput }: Entry): string | undefined {
  if (isOutput) return "what is kept is what a sink was given, and not what came; send it to the sink by hand";
  if (bytes === null) return "it has no value, and a file has no lines for that";
  return bytes.includes(10) ? "it has line ends in it, and would be several lines" : undefined;
}

/** Without what follows of a part of the record: `orders/0/12[3]`. */
const sourceOf = (position: string): string => position.replace(/\[\d+\]$/, "");

function addTo(file: string, lines: readonly Uint8Array[]): void {
  try {
    const at = openSync(file, "a");
    try {
      for (const line of lines) writeSync(at, line);
      fsyncSync(at);
    } finally {
      closeSync(at);
    }
  } catch (error) {
    throw new CommandFailure(`'${file}' cannot be written: ${reasonOf(error)}. Nothing is marked as replayed.`);
  }
}

/** What went into a file. */
async function mark(
  entries: readonly Entry[],
  place: DeadLetterPlace,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const { file, topic } = place;
  if (file !== undefined) {
    markInFile(
      file,
      entries.map((entry) => entry.place),
    );
    return;
  }
  await withClient(place, options, terminal, async (client) => {
    const { markOnly, recordPlace } = await import("../../runtime/kafka/dead-letters.ts");
    await markOnly(
      client,
      topic!,
      entries.flatMap((entry) => recordPlace(entry.place) ?? []),
    );
  });
}

async function toTopics(
  entries: readonly Entry[],
  place: DeadLetterPlace,
  options: Options,
  terminal: Terminal,
): Promise<Done> {
  const { openReplayer, recordPlace } = await import("../../runtime/kafka/dead-letters.ts");
  const problems = new Map<string, number>();
  const count = (reason: string, more: number) => problems.set(reason, (problems.get(reason) ?? 0) + more);
  const bySource = new Map<string, { readonly replay: Replay; readonly entries: Entry[] }>();
  for (const entry of entries) {
    const from = recordPlace(entry.position);
    if (from === undefined) {
      count(`it was read from '${entry.position.replace(/:.*/s, "")}', which is no topic: say --to FILE`, 1);
      continue;
    }
    const at = place.topic === undefined ? undefined : recordPlace(entry.place);
    const known = bySource.get(sourceOf(entry.position));
    const kept =
      at === undefined || entry.isOutput
        ? undefined
        : { key: entry.key ?? null, value: entry.bytes, headers: entry.headers ?? [] };
    const marks = [...(known?.replay.marks ?? []), ...(at === undefined ? [] : [at])];
    const entriesOfIt = [...(known?.entries ?? []), entry];
    bySource.set(sourceOf(entry.position), { replay: { from, marks, ...(kept && { kept }) }, entries: entriesOfIt });
  }
  const all = [...bySource.values()];
  const topics = [...new Set(all.map(({ replay }) => replay.from.topic))];
  const target = topics.length === 0 ? "" : ` to ${topics.map((topic) => `'${topic}'`).join(", ")}`;
  const sum = (those: typeof all) => those.reduce((total, one) => total + one.entries.length, 0);
  if (options.dryRun === true || all.length === 0) return { replayed: sum(all), target, problems };
  if (place.connection === undefined)
    throw new UsageError(
      `It is not known in which Kafka ${topics.join(", ")} is.`,
      "Say it: --brokers host:9092, or name the .flow file.",
    );
  let replayed = 0;
  await withClient(place, options, terminal, async (client) => {
    const replayer = await openReplayer(client, place.topic ?? place.name);
    try {
      for (let at = 0; at < all.length; at += batchSize) {
        const batch = all.slice(at, at + batchSize);
        const answers = await replayer.replay(batch.map(({ replay }) => replay));
        const written = batch.filter((_, i) => answers[i] === undefined);
        for (const [i, answer] of answers.entries()) if (answer !== undefined) count(answer, batch[i]!.entries.length);
        if (place.file !== undefined && written.length > 0)
          markInFile(
            place.file,
            written.flatMap((one) => one.entries.map((entry) => entry.place)),
          );
        replayed += sum(written);
      }
    } finally {
      await replayer.close();
    }
  });
  return { replayed, target, problems };
}
