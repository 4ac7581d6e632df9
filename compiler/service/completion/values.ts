/** Constants that a clause or an option takes: samples of its kind, choices, params of its type. */
import type { OptionRow, Part } from "../../catalog/rows.ts";
import type { ValueType } from "../../contract/value-type.ts";
import { printValueType } from "../../semantics/print-value-type.ts";
import { isAssignable } from "../../semantics/types.ts";
import type { Candidate } from "./item.ts";
import { after, type Probe } from "./probe.ts";

const samples: Readonly<Record<string, readonly string[]>> = {
  duration: ["1s", "10s", "30s", "1m", "5m", "15m", "1h", "1d"],
  durations: ["100ms..10s", "1s..1m"],
  size: ["64KiB", "1MiB", "16MiB"],
  rate: ["1/s", "10/s", "100/s", "1000/s"],
  bool: ["true", "false"],
  replicas: ["1", "2", "3", "partitions", "0..10"],
};

const units: Readonly<Record<string, readonly string[]>> = {
  duration: ["ms", "s", "m", "h", "d"],
  size: ["B", "KiB", "MiB", "GiB"],
  rate: ["/s", "/m", "/h"],
};

/** `5|` → `5ms`, `5s`, …; else samples. */
export function samplesOf(kind: string, { typed, text, word }: Probe): readonly Candidate[] {
  const number = /^\d+/.exec(typed)?.[0];
  const texts = number === undefined ? samples[kind] : units[kind]?.map((unit) => `${number}${unit}`);
  const isEnd = text.startsWith("..", word.end) || text.slice(0, word.start).endsWith("..");
  return (texts ?? [])
    .filter((label) => !isEnd || (!label.includes("..") && /^\d/.test(label)))
    .map((label) => ({ label, kind: "value", rank: 0 }));
}

const typeOfKind: Readonly<Record<string, ValueType>> = {
  duration: { kind: "duration" },
  int: { kind: "int" },
  replicas: { kind: "int" },
  number: { kind: "double" },
  string: { kind: "string" },
  secret: { kind: "string" },
  bool: { kind: "bool" },
  choice: { kind: "string" },
  strings: { kind: "list", element: { kind: "string" } },
  map: { kind: "map", key: { kind: "string" }, value: { kind: "string" } },
};

export function paramsOf(kind: string, { model }: Probe): readonly Candidate[] {
  const type = typeOfKind[kind];
  if (!type) return [];
  return [...model.params]
    .filter(([, param]) => isAssignable(param.type, type, model.types))
    .map(([label, param]) => ({
      label,
      kind: "param",
      rank: 1,
      detail: printValueType(param.type),
      docKey: `param ${label}`,
    }));
}

export const choicesOf = (row: Part | OptionRow, quoted: boolean): readonly Candidate[] =>
  (row.choices ?? []).map(({ name, doc }) => ({
    label: quoted ? JSON.stringify(name) : name,
    kind: "value",
    rank: 0,
    documentation: doc,
  }));

export function optionValues(option: OptionRow, probe: Probe): readonly Candidate[] {
  const found = [
    ...(option.orBool ? samplesOf("bool", probe) : []),
    ...(option.kind === "choice" ? choicesOf(option, true) : []),
    ...samplesOf(option.kind, probe),
    ...paramsOf(option.kind, probe),
  ];
  if (option.kind === "secret") found.push(secretItem(probe));
  if (option.kind === "string" || option.kind === "secret") found.push(quotes);
  if (option.kind === "strings")
    found.push({ label: "[ … ]", kind: "snippet", rank: 2, newText: '["$0"]', isSnippet: true });
  if (option.kind === "options" || option.kind === "map")
    found.push({ label: "{ … }", kind: "snippet", rank: 2, newText: "{ $0 }", isSnippet: true, triggersNext: true });
  return found;
}

export const partValues = (part: Part, probe: Probe): readonly Candidate[] => [
  ...choicesOf(part, false),
  ...samplesOf(part.kind, probe).filter(({ label }) => isWithin(label, part, probe)),
  ...paramsOf(part.kind, probe),
  ...(part.kind === "string" ? [quotes] : []),
];

/** `sliding 10m every |`: no more than the size. */
function isWithin(label: string, part: Part, { text, word }: Probe): boolean {
  if (part.name !== "every" || part.optional) return true;
  const size = /\bsliding\s+(\S+)\s+every\s+$/.exec(text.slice(Math.max(0, word.start - 60), word.start))?.[1];
  const [most, own] = [millisecondsOf(size ?? ""), millisecondsOf(label)];
  return most === undefined || own === undefined || own <= most;
}

const unitInMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function millisecondsOf(text: string): number | undefined {
  if (!/^(?:\d+(?:ms|[smhd]))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|[smhd])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * unitInMs[unit!]!,
    0,
  );
}

export const secretItem = (probe: Probe): Candidate => ({
  label: "secret",
  kind: "function",
  rank: 0,
  detail: "secret(name, key)",
  ...(after(probe) === "(" ? {} : { newText: 'secret("$1", "$2")', isSnippet: true }),
});

export const quotes: Candidate = {
  label: '""',
  kind: "snippet",
  rank: 2,
  newText: '"$0"',
  isSnippet: true,
  triggersNext: true,
};
