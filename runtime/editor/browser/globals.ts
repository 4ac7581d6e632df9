/** What the engine takes for granted in Node, for web workers. The build puts these in the place of the globals of the same names. */
import * as digests from "./digests.ts";

export { Buffer } from "./buffer.ts";

const waiting: (() => void)[] = [];
const channel = new MessageChannel();
Object.assign(channel.port1, { onmessage: () => waiting.shift()?.() });

/** A task of its own. A timeout would wait, for 4 ms after the fifth in a row. */
export function setImmediate(task: () => void): void {
  waiting.push(task);
  channel.port2.postMessage(0);
}

/** `process.getBuiltinModule`. */
export const builtinModule = (_name: "node:crypto") => digests;
