/** FLOW5010: cron schedules that cannot be read. */
import type { Check } from "./checked-program.ts";

export const schedules: Check = ({ declared, graph }) => {
  for (const { connector } of graph.nodes) {
    const option = connector?.row.name === "cron" ? connector.options.get("schedule") : undefined;
    if (typeof option?.value !== "string") continue;
    const why = wrongWith(option.value);
    if (why !== undefined) declared.program.main.report("FLOW5010", option.span, { schedule: option.value, why });
  }
};

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fields = [
  { name: "second", min: 0, max: 59, words: [] },
  { name: "minute", min: 0, max: 59, words: [] },
  { name: "hour", min: 0, max: 23, words: [] },
  { name: "day of month", min: 1, max: 31, words: [] },
  { name: "month", min: 1, max: 12, words: months },
  { name: "day of week", min: 0, max: 7, words: days },
] as const;

const shorthands = new Set(["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]);

/** In words; undefined when the schedule is right. */
export function wrongWith(schedule: string): string | undefined {
  const text = schedule.trim();
  if (text.startsWith("@"))
    return shorthands.has(text.toLowerCase()) ? undefined : `there are ${[...shorthands].join(", ")}, or five fields`;
  const parts = text.split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6)
    return `it has ${parts.length} fields, not five, or six with seconds first`;
  for (const [index, field] of fields.slice(-parts.length).entries()) {
    if (!parts[index]!.split(",").every((item) => isItem(item, field)))
      return `'${parts[index]}' is no ${field.name} (${field.min}–${field.max})`;
  }
  return undefined;
}

/** `*`, a number, a range, each with a step perhaps. */
function isItem(item: string, field: (typeof fields)[number]): boolean {
  const [range, step, ...more] = item.split("/");
  if (more.length > 0 || (step !== undefined && !(/^\d{1,3}$/.test(step) && Number(step) > 0))) return false;
  if (range === "*") return true;
  const ends = range!.split("-").map((end) => numberOf(end, field));
  return ends.length <= 2 && ends.every((end) => end !== undefined) && ends[0]! <= (ends[1] ?? ends[0]!);
}

function numberOf(text: string, { min, max, words }: (typeof fields)[number]): number | undefined {
  const word = (words as readonly string[]).indexOf(text.toLowerCase());
  const value = word >= 0 ? word + min : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}
