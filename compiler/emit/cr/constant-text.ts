/** Constants as .flow text: for options that take any value, whose exact type a YAML value would not keep. */
import type { Constant } from "../../semantics/model.ts";

export function constantText(value: Constant): string {
  if (typeof value === "string") return stringText(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(constantText).join(", ")}]`;
  if (!("kind" in value)) throw new Error("bug: an unknown constant");
  switch (value.kind) {
    case "duration":
    case "size":
    case "rate":
      return value.text;
    case "timestamp":
      return `timestamp(${stringText(value.text)})`;
    case "secret":
      return `secret(${stringText(value.name)}, ${stringText(value.key)})`;
    case "record": {
      if (value.entries.length === 0) return "{}";
      return `{ ${value.entries.map(([name, one]) => `${keyText(name)}: ${constantText(one)}`).join(", ")} }`;
    }
  }
}

const keyText = (name: string): string => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : stringText(name));

/** A string literal that .flow reads back to the same value. */
export function stringText(value: string): string {
  const escaped = value.replace(/["\\\p{Cc}\u2028\u2029]/gu, (c) => {
    const short = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" }[c];
    return short ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

/** The same for a text of several lines: in triple quotes, as it is wherever it can be. */
export function multilineText(value: string): string {
  if (!/["\\\p{Cc}]/u.test(value)) return `"${value}"`;
  const isPlain = !/[^\P{Cc}\n\t]/u.test(value);
  const quote = ['"""', "'''"].find((each) => !value.includes(each) && !value.endsWith(each[0]!));
  if (isPlain && quote !== undefined) return `${value.includes("\\") ? "r" : ""}${quote}${value}${quote}`;
  const escaped = value
    .split("\n")
    .map((line) => stringText(line).slice(1, -1))
    .join("\n");
  return `"""${escaped}"""`;
}
