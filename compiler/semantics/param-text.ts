/** Reads the value of a param given from outside, which is always text, by the param's type. */
import type { ValueType } from "../contract/value-type.ts";
import type { Constant } from "./model.ts";
import { isTimestamp } from "./timestamp-text.ts";

/** Undefined when the text is no value of the type. */
export function parseParamText(text: string, type: ValueType): Constant | undefined {
  switch (type.kind) {
    case "string":
      return text;
    case "literal":
      return typeof type.value === "string" ? (text === type.value ? text : undefined) : parseJson(text);
    case "union":
      return type.members.some(
        (member) => member.kind === "string" || (member.kind === "literal" && member.value === text),
      )
        ? text
        : parseJson(text);
    case "int":
    case "uint":
      return /^-?\d{1,20}$/.test(text.trim()) ? integer(text.trim()) : undefined;
    case "double":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case "bool":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "duration":
      return parseDuration(text.trim());
    case "timestamp":
      return isTimestamp(text.trim()) ? { kind: "timestamp", text: text.trim() } : undefined;
    case "list":
      return type.element.kind === "string" && !text.trimStart().startsWith("[")
        ? text.split(",").map((item) => item.trim())
        : parseJson(text);
    case "any":
      return parseJson(text) ?? text;
    default:
      return parseJson(text);
  }
}

function integer(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function parseDuration(text: string): Constant | undefined {
  if (text.length > 100 || !/^(\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d)/g))
    ms += Number(amount) * unitMs[unit!]!;
  return { kind: "duration", ms, text };
}

function parseJson(text: string): Constant | undefined {
  try {
    return constantOf(JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** JSON.parse bounds the depth of what it gives by the size of the text, which is one argument. */
function constantOf(value: unknown): Constant {
  if (Array.isArray(value)) return value.map(constantOf);
  if (typeof value === "object" && value !== null) {
    return { kind: "record", entries: Object.entries(value).map(([name, item]) => [name, constantOf(item)] as const) };
  }
  return value as string | number | boolean | null;
}
