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
  const shown = all.filter((one) => one.stage !== "flow run" || wasThere(one));
  const parts = shown.map((one) => groupText(one, colors));
  if (shown.length > 1) parts.push(`${colors.bold("total lag")} ${groupedNumber(totalOf(shown))}\n`);
  return parts.join("\n");
}

export function lagJson(all: readonly Answer[]): string {
  const shown = all.filter((one) => one.stage !== "flow run" || wasThere(one));
  return `${JSON.stringify(
    shown.map(({ stage, group, state, members, partitions, missing }) => ({
      stage: stage ?? null,
      group,
      state,
      members,
      lag: sumOf(partitions),
      partitions: partitions.map((one) => ({ ...one, committed: one.committed ?? null })),
      missing,
    })),
    undefined,
    2,
  )}\n`;
}

const wasThere = ({ members, partitions }: Answer): boolean =>
  members > 0 || partitions.some(({ committed }) => committed !== undefined);

const sumOf = (partitions: Answer["partitions"]): number => partitions.reduce((sum, { lag }) => sum + lag, 0);
const totalOf = (all: readonly Answer[]): number => all.reduce((sum, { partitions }) => sum + sumOf(partitions), 0);

const goneText = (topic: string): string =>
  topic.startsWith("argo.")
    ? `Topic '${topic}' is not made yet: no worker was started.`
    : `There is no topic '${topic}'.`;

function groupText(answer: Answer, { bold, dim, yellow }: Colors): string {
  const { stage, group, members, partitions, missing } = answer;
  const who = members === 0 ? "no members" : members === 1 ? "1 member" : `${members} members`;
  const name = stage === undefined ? bold(group) : `${bold(stage)}  ${group}`;
  const head = `${name}  ${members === 0 ? yellow(who) : who}, lag ${groupedNumber(sumOf(partitions))}\n`;
  const gone = missing.map((topic) => yellow(`  ${goneText(topic)}\n`)).join("");
  if (partitions.length === 0) return head + (gone === "" ? "  It has read nothing yet.\n" : gone);
  const rows = partitions.map(({ topic, partition, committed, end, lag }) => [
    topic,
    String(partition),
    committed === undefined ? "-" : groupedNumber(committed),
    groupedNumber(end),
    groupedNumber(lag),
  ]);
  const widths = headings.map((heading, at) => Math.max(heading.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(columnGap)}\n`;
  return head + dim(line(headings)) + rows.map(line).join("") + gone;
}
