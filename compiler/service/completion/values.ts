/** Constants that a clause or an option takes: samples of its kind, choices, params of its type. */
import type { OptionRow, Part } from "../../catalog/rows.ts";
import type { ValueType } from "../../contract/value-type.ts";
import { printValueType } from "../../semantics/print-value-type.ts";
import { isAssignable } from "../../semantics/types.ts";
import type { Candidate } from "./item.ts";
import type { Probe } from "./probe.ts";

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
export function samplesOf(kind: string, { typed }: Probe): readonly Candidate[] {
  const number = /^\d+/.exec(typed)?.[0];
  const texts = number === undefined ? samples[kind] : units[kind]?.map((unit) => `${number}${unit}`);
  return (texts ?? []).map((label) => ({ label, kind: "value", rank: 0 }));
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
    ...(option.kind === "choice" ? choicesOf(option, true) : []),
    ...samplesOf(option.kind, probe),
    ...paramsOf(option.kind, probe),
  ];
  if (option.kind === "secret")
    found.push({
      label: "secret",
      kind: "function",
      rank: 0,
      newText: 'secret("$1", "$2")',
      isSnippet: true,
      detail: "secret(name, key)",
    });
  if (option.kind === "string" || option.kind === "secret")
    found.push({ label: '""', kind: "snippet", rank: 2, newText: '"$0"', isSnippet: true, triggersNext: true });
  if (option.kind === "strings")
    found.push({ label: "[ … ]", kind: "snippet", rank: 2, newText: '["$0"]', isSnippet: true });
  if (option.kind === "options" || option.kind === "map")
    found.push({ label: "{ … }", kind: "snippet", rank: 2, newText: "{ $0 }", isSnippet: true, triggersNext: true });
  return found;
}

export const partValues = (part: Part, probe: Probe): readonly Candidate[] => [
  ...choicesOf(part, false),
  ...samplesOf(part.kind, probe),
  ...paramsOf(part.kind, probe),
];
