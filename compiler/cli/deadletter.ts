/** `flow deadletter list|replay`: what went wrong, and the way back for it. */
import { RuntimeError } from "../../runtime/engine/runtime-error.ts";
import type { CommandRun } from "./command-row.ts";
import { eachEntry, sayNoTopic } from "./deadletter-entries.ts";
import { filterOf } from "./deadletter-entry.ts";
import { type DeadLetterPlace, deadLettersOf } from "./deadletter-place.ts";
import { CommandFailure, exitCodes, UsageError } from "./exit.ts";
import { deadLetterJson, deadLetterText } from "./report/dead-letter-text.ts";
import type { Terminal } from "./terminal.ts";

type Options = Readonly<Record<string, unknown>>;

export const deadletterCommand: CommandRun = async ([action = "", word = ""], options, terminal) => {
  if (action !== "list" && action !== "replay")
    throw new UsageError(`'${action}' is nothing to do with a dead letter.`, "It is one of list, replay.");
  const onlyReplay = ["to", "dryRun"].find((name) => options[name] !== undefined);
  if (action === "list" && onlyReplay !== undefined)
    throw new UsageError(`'--${onlyReplay === "to" ? "to" : "dry-run"}' is for 'replay'.`);
  const places = await deadLettersOf(word, options, terminal);
  if (places === undefined) return exitCodes.diagnostics;
  try {
    if (action === "list") return await list(places, options, terminal);
    const { replayAll } = await import("./deadletter-replay.ts");
    return await replayAll(places, options, terminal);
  } catch (error) {
    if (error instanceof RuntimeError) throw new CommandFailure(error.message);
    throw error;
  }
};

async function list(places: readonly DeadLetterPlace[], options: Options, terminal: Terminal): Promise<number> {
  const filter = filterOf(options);
  let left = filter.limit;
  for (const place of places) {
    if (left <= 0) break;
    let shown = 0;
    const isThere = await eachEntry(place, { ...filter, limit: left }, options, terminal, (entry) => {
      shown++;
      terminal.out(
        options.format === "json" ? deadLetterJson(entry, place) : deadLetterText(entry, terminal.outColors),
      );
    });
    left -= shown;
    if (!isThere && place !== places[0]) continue;
    if (!isThere) sayNoTopic(place, terminal);
    if (options.format !== "json")
      terminal.err(`${shown === 1 ? "1 bad record" : `${shown} bad records`} in ${place.name}.\n`);
  }
  return exitCodes.fine;
}
