/** Echo over files: takes what is renamed into `FLOW_IN`, and renames the answer into `FLOW_OUT`. */
import { readdirSync, readFileSync, renameSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changed, work } from "./work.ts";

const { FLOW_IN = "", FLOW_OUT = "" } = process.env;
let answered = new Set<string>();

function answerNew(): void {
  const names = readdirSync(FLOW_IN).filter((name) => !name.startsWith("."));
  const before = answered;
  // A file stays until its answer has been read.
  answered = new Set(names);
  for (const name of names.filter((one) => !before.has(one)).sort()) {
    const lines = readFileSync(join(FLOW_IN, name), "utf8").trimEnd().split("\n");
    writeFileSync(join(FLOW_OUT, `.${name}`), lines.map(answerTo).join(""));
    renameSync(join(FLOW_OUT, `.${name}`), join(FLOW_OUT, name));
  }
}

function answerTo(line: string): string {
  if (work === "pass" || line.startsWith('{"type":"Chunk')) return `${line}\n`;
  const read = JSON.parse(line);
  const event = line.startsWith('{"type":"Data"') ? read.event : read;
  event.data = changed(event.data);
  return `${JSON.stringify(event)}\n`;
}

watch(FLOW_IN, answerNew);
answerNew();
process.on("SIGTERM", () => process.exit(0));
