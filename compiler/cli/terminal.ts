/** What a command sees of the process around it: streams, folder, environment, colour. The only place that decides about colour. */
import { readFileSync, writeSync } from "node:fs";
import picocolors from "picocolors";
import { exitCodes } from "./exit.ts";

export type Colors = ReturnType<typeof picocolors.createColors>;

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly outColors: Colors;
  readonly errColors: Colors;
  /** Standard error is a terminal that can redraw a line. */
  readonly errIsTerminal: boolean;
  readonly outIsTerminal: boolean;
  /** Columns to fill. */
  readonly width: number;
  readonly readStdin: () => Uint8Array;
}

export type ColorChoice = "auto" | "always" | "never";

/** `--color` beats FORCE_COLOR beats NO_COLOR beats what the stream is. */
export function wantsColor(choice: ColorChoice, env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (choice !== "auto") return choice === "always";
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "") return env.FORCE_COLOR !== "0";
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  return isTerminal && env.TERM !== "dumb";
}

export function processTerminal(color: ColorChoice): Terminal {
  const { env } = process;
  const outIsTerminal = process.stdout.isTTY === true;
  const errIsTerminal = process.stderr.isTTY === true;
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    cwd: currentFolder(),
    env,
    outColors: picocolors.createColors(wantsColor(color, env, outIsTerminal)),
    errColors: picocolors.createColors(wantsColor(color, env, errIsTerminal)),
    errIsTerminal: errIsTerminal && env.TERM !== "dumb",
    outIsTerminal,
    width: Math.max(60, Math.min(process.stderr.columns ?? process.stdout.columns ?? 120, 160)),
    readStdin: () => readFileSync(0),
  };
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    errNow("error: The current folder does not exist any more.\n");
    process.exit(exitCodes.usage);
  }
}

/** Writes at once, for the last words before the process is ended. */
export function errNow(text: string): void {
  writeSync(2, text);
}
