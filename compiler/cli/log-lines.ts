/** What a run logs, as lines for people: events of `log`, what programs say, and warnings. */
import type { Log } from "../../runtime/engine/connector.ts";

export function logTo(print: (line: string) => void): Log {
  return {
    info: (fields, message) => {
      // Of no use to anybody as long as it works.
      if (message !== "program started") print(logLine(fields, message));
    },
    warn: (fields, message) => print(`warning: ${logLine(fields, message)}`),
  };
}

function logLine(fields: Readonly<Record<string, unknown>>, message: string): string {
  const { node, label, data, ...rest } = fields;
  if (message === "program") return `${String(node)}: ${String(fields.line)}`;
  if (message === "event") return `${String(label)} ${String(data)}`;
  const more = Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`);
  return [node === undefined ? message : `${String(node)}: ${message}`, ...more].join(" ");
}
