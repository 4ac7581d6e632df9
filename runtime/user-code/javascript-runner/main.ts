/**
 * The process in which `code javascript` runs, under Node's permission model: it may read nothing but these files. Standard input brings the module, then the
 * units; standard output belongs to the answers alone. Started by ../javascript.ts.
 */
import { Console } from "node:console";
import { writeSync } from "node:fs";
import { Writable } from "node:stream";
import { explain } from "./explain.ts";
import { readJson, teachJson, writeJson } from "./json.ts";
import { lineCutter } from "./lines.ts";
import { loadFunction } from "./load.ts";
import { Units } from "./units.ts";

interface Start {
  readonly source: string;
  readonly beatMs: number;
  readonly memoryBytes: number;
  readonly place: string;
}

const host = process;
let units: Units | undefined;
let place = "";
const early: string[] = [];

const write = (text: string): void => writeAll(1, text);

/** Both are sockets or pipes that block, so that what was answered is out before the next event may hang. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; ) from += writeSync(fd, bytes, from);
}

/** Of buffers and typed arrays. */
function outsideBytes(): number {
  const { external, arrayBuffers } = host.memoryUsage();
  return Math.max(external, arrayBuffers);
}

function stray(error: unknown): void {
  if (units?.stray(error) === true) return;
  writeAll(2, `${explain(error, place)}\n`);
}

/** What is not the user's: the process, and a console that leads to standard output. */
function hideProcess(): void {
  const stderr = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      writeAll(2, text);
      done();
    },
  });
  const own = new Console(stderr);
  Object.defineProperty(globalThis, "console", { value: own, configurable: true, writable: true });
  Reflect.deleteProperty(globalThis, "process");
}

async function begin({ source, ...options }: Start): Promise<void> {
  place = options.place;
  teachJson();
  hideProcess();
  const fn = await loadFunction(source).catch((error: unknown) => {
    write(`${writeJson({ type: "Broken", reason: explain(error, place) })}\n`);
    return host.exit(0);
  });
  write('{"type":"Ready"}\n');
  units = new Units(fn, write, { ...options, outsideBytes });
  for (const line of early) units.take(line);
}

host.on("uncaughtException", stray);
host.on("unhandledRejection", stray);
host.stdin.setEncoding("utf8");
let hasBegun = false;
const cut = lineCutter((line) => {
  if (!hasBegun) {
    hasBegun = true;
    void begin(readJson(line) as Start);
  } else if (units === undefined) early.push(line);
  else units.take(line);
});
host.stdin.on("data", cut);
host.stdin.on("end", () => host.exit(0));
