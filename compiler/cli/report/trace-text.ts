/** The way of one event through the nodes, as a tree: what it is after each operator, where it goes on and where it ends. */

import type { TraceEntry } from "../../../runtime/testing/trace.ts";
import type { NodePlan, RuntimeConfig } from "../../contract/runtime-config.ts";
import type { Colors } from "../terminal.ts";

interface Line {
  readonly text: string;
  readonly below: readonly Line[];
}

export interface TraceOptions {
  readonly colors: Colors;
  readonly width: number;
}

/** One block, without an empty line at its end. */
export function traceText(root: TraceEntry, { nodes }: RuntimeConfig, { colors, width }: TraceOptions): string {
  const line = new Tracer(nodes, colors, width).root(root);
  return `${printed(line, "", "", colors).join("\n")}\n`;
}

class Tracer {
  private readonly nodes: readonly NodePlan[];
  private readonly colors: Colors;
  private readonly width: number;

  constructor(nodes: readonly NodePlan[], colors: Colors, width: number) {
    this.nodes = nodes;
    this.colors = colors;
    this.width = width;
  }

  /** Data on a terminal: no control characters, and no more than fits beside its node. */
  private value(text = ""): string {
    const most = Math.max(40, this.width - 40);
    const line = text.replace(/\p{Cc}/gu, "·");
    return line.length > most ? `${line.slice(0, most - 1)}…` : line;
  }

  root(entry: TraceEntry): Line {
    const { bold, dim } = this.colors;
    const name = bold(this.nodes[entry.node]?.name ?? "");
    if (entry.kind === "record")
      return {
        text: `${name} ${dim(this.value(entry.position))} ${this.value(entry.text)}`,
        below: this.below(entry, entry.text),
      };
    return {
      text: `${name} ${dim(`gives, at ${timeOf(entry)}`)} ${this.value(entry.text)}`,
      below: this.below(entry, entry.text),
    };
  }

  /** @param known the value that was shown last */
  private below(entry: TraceEntry, known: string | undefined): readonly Line[] {
    let shown = known;
    return entry.children.flatMap((child) => {
      const lines = this.lines(child, shown);
      if (child.kind === "passed" || child.kind === "gave") shown = child.text;
      return lines;
    });
  }

  private lines(entry: TraceEntry, shown: string | undefined): readonly Line[] {
    const { bold, dim, red, yellow } = this.colors;
    const node = this.nodes[entry.node];
    const name = bold(node?.name ?? "");
    const operator = node?.kind === "step" ? node.operators[entry.index] : undefined;
    switch (entry.kind) {
      case "came":
        return [{ text: name, below: this.below(entry, shown) }];
      case "passed_by":
        return [{ text: `${name} ${dim("not for it")}`, below: [] }];
      case "passed": {
        const value = entry.text === shown ? dim("passed") : this.value(entry.text);
        return [{ text: `${operator?.op} ${value}`, below: this.below(entry, entry.text) }];
      }
      case "dropped":
        return [{ text: `${operator?.op} ${yellow("dropped it")} ${dim(operator?.at ?? "")}`, below: [] }];
      case "grouped":
        if (node?.kind === "chunk") {
          const isKeyed = node.key.length > 0;
          return [
            {
              text: dim(`in a chunk${isKeyed ? " of" : ""}`) + (isKeyed ? ` ${this.value(entry.text)}` : ""),
              below: [],
            },
          ];
        }
        return [{ text: `${dim("in the window of")} ${this.value(entry.text)} ${dim(windowText(entry))}`, below: [] }];
      case "gave": {
        if (entry.output === "errors")
          return [
            { text: `${red("error")} ${this.value(errorText(entry.text))}`, below: this.below(entry, entry.text) },
          ];
        if (entry.output === "late") return [{ text: yellow("too late"), below: this.below(entry, shown) }];
        const readers = this.below(entry, entry.text);
        const value = entry.text === shown ? "" : this.value(entry.text);
        if (node?.kind === "sink") return [{ text: value === "" ? dim("written") : value, below: [] }, ...readers];
        const time = node?.kind === "source" ? dim(`at ${timeOf(entry)}`) : "";
        const text = [time, value].filter((part) => part !== "").join(" ");
        return text === "" ? readers : [{ text, below: [] }, ...readers];
      }
      case "record":
        return [];
    }
  }
}

function printed({ text, below }: Line, first: string, rest: string, colors: Colors): string[] {
  return [
    `${first}${text}`,
    ...below.flatMap((line, index) => {
      const isLast = index === below.length - 1;
      return printed(
        line,
        rest + colors.dim(isLast ? "└─ " : "├─ "),
        rest + colors.dim(isLast ? "   " : "│  "),
        colors,
      );
    }),
  ];
}

/** Of a BadEvent. */
function errorText(text = ""): string {
  const { operator, at, reason } = JSON.parse(text) as { operator?: string; at?: string; reason?: string };
  return `${operator === undefined ? "" : `in ${operator}: `}${reason} (${at})`;
}

const timeOf = ({ timeMs = 0 }: TraceEntry): string => {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? String(timeMs) : date.toISOString();
};

function windowText({ window }: TraceEntry): string {
  const ends = [window?.startMs, window?.endMs];
  if (!ends.every((ms) => ms !== undefined && Number.isFinite(ms))) return "";
  return `[${ends.map((ms) => new Date(ms!).toISOString()).join(", ")})`;
}
