/** A clause as it is written: `sliding <size> every <every>`. For the reference and for hover. */
import type { ClauseRow, Part } from "../../catalog/rows.ts";

export function clauseSignature(row: ClauseRow): string {
  const parts = row.parts.map(partSignature);
  const joined =
    row.alternatives === true ? parts.map((part) => part.replace(/^\[(.*)\]$/, "$1")).join(" | ") : parts.join(" ");
  return `${row.keyword} ${joined}`.trim();
}

function partSignature(part: Part): string {
  const text = [part.word ?? "", valueSignature(part)].filter((word) => word !== "").join(" ");
  return part.optional === true ? `[${text}]` : text;
}

function valueSignature(part: Part): string {
  switch (part.kind) {
    case "word":
      return (part.choices ?? []).map((choice) => choice.name).join(" | ");
    case "options":
    case "record":
    case "fields":
      return "{ … }";
    case "block":
      return "{ connector … }";
    case "exprs":
    case "paths":
      return `<${part.name}>, …`;
    case "events":
      return "[ … ]";
    case "event":
      return "{ … }";
    case "durations":
      return "<from>..<to>";
    default:
      return `<${part.name}>`;
  }
}
