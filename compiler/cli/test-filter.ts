/** `--filter`: a part of a test's name, or `/regex/`. */
import { reasonOf } from "./atomic-write.ts";
import { UsageError } from "./exit.ts";

/** @throws UsageError when it is no regular expression */
export function testFilter(text: unknown): (name: string) => boolean {
  if (typeof text !== "string") return () => true;
  const regex = /^\/(.+)\/(i?)$/s.exec(text);
  if (regex === null) return (name) => name.includes(text);
  try {
    const pattern = new RegExp(regex[1]!, regex[2]);
    return (name) => pattern.test(name);
  } catch (error) {
    throw new UsageError(`'--filter ${text}' is no regular expression: ${reasonOf(error)}.`);
  }
}
