/** FLOW2004: names with letters that Kubernetes and Kafka do not take. Here and not where they are declared, because the fix renames every use. */
import type { SymbolEntry } from "../program.ts";
import { namePattern } from "../reserved.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";

export const names: Check = (checked) => {
  for (const symbol of checked.declared.names.symbols) {
    if (symbol.kind === "type" ? /^[A-Za-z][A-Za-z0-9_]*$/.test(symbol.name) : namePattern.test(symbol.name)) continue;
    report(symbol, checked);
  }
};

const rules = {
  type: "letters, digits and '_', beginning with a letter",
  other: "small letters, digits and '_', beginning with a letter and not ending in '_', at most 50 of them",
};

function report(symbol: SymbolEntry, { declared }: CheckedProgram): void {
  const file = declared.program.files.find((each) => each.path === symbol.at.file)!;
  const better = snakeCase(symbol.name);
  const isFree = namePattern.test(better) && !declared.names.values.has(better) && symbol.kind !== "type";
  const edits = [symbol.at, ...symbol.uses].map((at) => ({
    file: at.file,
    start: at.start,
    end: at.end,
    newText: better,
  }));
  const fixes = isFree ? [{ title: `Rename to '${better}'`, edits }] : [];
  file.report(
    "FLOW2004",
    symbol.at,
    { name: symbol.name, rule: symbol.kind === "type" ? rules.type : rules.other },
    { fixes },
  );
}

const snakeCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase()
    .replace(/^_+|_+$/g, "");
