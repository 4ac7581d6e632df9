/** What a run came to, in words: beside a node's line, and in its hover. Knows no editor. */
import type { HereAnswer, NodeAnswer, Origin, OutputAnswer } from "./answer.ts";

const longestBeside = 90;

/** `2 of 10 → {"id":"b"}`, `30 from 10 → …` where more came out than in; what is wrong is apart, so that it can be red. */
export function besideLine({ cameIn, outputs }: NodeAnswer): { readonly text: string; readonly wrong: string } {
  const main = outputs.find(({ output }) => output === "main");
  const count = main?.count ?? 0;
  const counted = count === cameIn ? `${count}` : `${count} ${count > cameIn ? "from" : "of"} ${cameIn}`;
  const first = main?.first[0];
  const event = first === undefined ? "" : ` → ${shortened(first.text)}`;
  const wrong = outputs.filter(({ output }) => output !== "main").map(otherCount);
  return { text: `${counted}${event}`, wrong: wrong.join(", ") };
}

function otherCount({ output, count }: OutputAnswer): string {
  return output === "late" ? `${count} late` : `${count} ${count === 1 ? "error" : "errors"}`;
}

const shortened = (text: string): string => {
  const line = text.replace(/\p{Cc}/gu, " ");
  return line.length > longestBeside ? `${line.slice(0, longestBeside)}…` : line;
};

/** Markdown: the first events of each output, laid out. */
export function hoverText({ node, cameIn, outputs }: NodeAnswer): string {
  const head = `**${node}**: ${cameIn} in`;
  return [head, ...outputs.map(outputText)].join("\n\n");
}

const titles = {
  main: "out",
  errors: "errors, for the dead letter unless something reads them",
  late: "late",
} as const;

function outputText({ output, count, first }: OutputAnswer): string {
  const shown = first.length < count ? `, the first ${first.length}` : "";
  const events = first.map(({ text, timeMs, isCut }) => {
    const time = timeMs === undefined ? "" : `// ${new Date(timeMs).toISOString()}\n`;
    return `${time}${isCut ? `${text}…` : laidOut(text)}`;
  });
  const head = `${count} ${titles[output]}${shown}`;
  return events.length === 0 ? head : `${head}\n${fenced(events.join("\n"))}`;
}

function laidOut(text: string): string {
  // Numbers that JavaScript would round stay as they are written.
  if (/\d{16}|\.\d{16}|[eE][+-]?\d/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** Events may hold fences themselves. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}jsonc\n${text}\n${fence}`;
}

/** For the status bar. */
export function originText({ from, problems }: HereAnswer): string {
  const words = from.length === 0 ? "no events" : from.map(oneOrigin).join(", ");
  return `Ran on ${words}${problems.length > 0 ? `; ${problems.join(" ")}` : ""}`;
}

function oneOrigin(origin: Origin): string {
  if ("test" in origin) return `the events of test "${origin.test}"`;
  const { node, from, records, uri } = origin;
  if (from === "made up")
    return records === 0
      ? `no events of '${node}', of which nothing is known`
      : `${records} made-up events of '${node}'`;
  if (from === "file")
    return `${records} records of ${decodeURIComponent(uri?.split("/").at(-1) ?? "a file")} for '${node}'`;
  return `the events that '${node}' has in the file`;
}
