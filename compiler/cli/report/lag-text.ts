/** What `flow lag` prints. */
import type { GroupLag } from "../../../runtime/kafka/lag.ts";
import { groupedNumber } from "../grouped-number.ts";
import type { Colors } from "../terminal.ts";

/** `stage`: undefined of a group that was named itself, `flow run` of a local run. */
export interface Answer extends GroupLag {
  readonly stage: string | undefined;
}

const headings = ["topic", "partition", "committed", "end", "lag"] as const;
const columnGap = "  ";

/** A local run that never was is left out. */
export function lagText(all: readonly Answer[], colors: Colors): string {
  const shown = shownOf(all);
  const parts = shown.map((one) => groupText(one, colors));
  if (shown.length > 1) parts.push(`${colors.bold("total lag")} ${groupedNumber(totalOf(shown))}\n`);
  return parts.join("\n");
}

export function lagJson(all: readonly Answer[]): string {
  const shown = shownOf(all);
  return `${JSON.stringify(
    shown.map(({ stage, group, state, started, members, partitions, missing }) => ({
      stage: stage ?? null,
      group,
      state,
      started,
      members,
      lag: started ? sumOf(partitions) : null,
      partitions: partitions.map((one) => ({ ...one, committed: one.committed ?? null })),
      missing,
    })),
    undefined,
    2,
  )}\n`;
}

const shownOf = (all: readonly Answer[]): readonly Answer[] =>
  all.filter(({ stage, started }) => stage !== "flow run" || started);

const sumOf = (partitions: Answer["partitions"]): number => partitions.reduce((sum, { lag }) => sum + lag, 0);
/** A stage that was never started is behind nothing: its group may be another one, as after `flow run`. */
const totalOf = (all: readonly Answer[]): number =>
  all.reduce((sum, { started, partitions }) => sum + (started ? sumOf(partitions) : 0), 0);

const goneText = (topic: string): string =>
  topic.startsWith("argo.")
    ? `Topic '${topic}' is not made yet: no worker was started.`
    : `There is no topic '${topic}'.`;

function groupText(answer: Answer, { bold, dim, yellow }: Colors): string {
  const { stage, group, started, members, partitions, missing } = answer;
  const who = members === 0 ? "no members" : members === 1 ? "1 member" : `${members} members`;
  const name = stage === undefined ? bold(group) : `${bold(stage)}  ${group}`;
  const head = started
    ? `${name}  ${members === 0 ? yellow(who) : who}, lag ${groupedNumber(sumOf(partitions))}\n`
    : `${name}  ${yellow(stage === undefined ? "there is no such group" : "never started")}\n`;
  const gone = missing.map((topic) => yellow(`  ${goneText(topic)}\n`)).join("");
  if (partitions.length === 0) return head + (gone === "" && started ? "  It has read nothing yet.\n" : gone);
  const rows = partitions.map(({ topic, partition, committed, end, lag }) => [
    topic,
    String(partition),
    committed === undefined ? "-" : groupedNumber(committed),
    groupedNumber(end),
    started ? groupedNumber(lag) : "-",
  ]);
  const widths = headings.map((heading, at) => Math.max(heading.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(columnGap)}\n`;
  return head + dim(line(headings)) + rows.map(line).join("") + gone;
}
