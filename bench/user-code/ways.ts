/** The ways to a program that are measured, each with its echo program. */

export interface Way {
  readonly name: string;
  /** Of `process`, beside `command`. */
  readonly options: string;
  readonly program: string;
}

export const ways: readonly Way[] = [
  { name: "stdio", options: "io: stdio", program: "echo-lines.ts" },
  { name: "socket", options: "io: socket", program: "echo-lines.ts" },
  { name: "socket, length", options: "io: socket, frames: length", program: "echo-length.ts" },
  { name: "fifo", options: "io: fifo", program: "echo-lines.ts" },
  { name: "http", options: "io: http", program: "echo-http.ts" },
  { name: "http, two at once", options: "io: http, concurrency: 2", program: "echo-http.ts" },
  { name: "file", options: "io: file", program: "echo-file.ts" },
];

export const works = ["pass", "change"] as const;
export type Work = (typeof works)[number];

/** Each event a request of its own, as many at once as the step's default says: what everything else is compared with. */
export const base = "http";

export const wayCalled = (name: string): Way => {
  const way = ways.find((one) => one.name === name);
  if (way === undefined) throw new Error(`There is no way called '${name}'.`);
  return way;
};
