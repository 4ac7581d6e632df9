/**
 * The formats that are not part of the engine's generated code. Loaded when a plan names them: the library of CloudEvents takes as
 * long to load as a small run takes altogether.
 */
import type { Format } from "./format.ts";

const loaders: ReadonlyMap<string, () => Promise<Format>> = new Map([
  ["csv", async () => (await import("./csv.ts")).csv],
  ["cloudevents", async () => (await import("./cloudevents.ts")).cloudevents],
]);

/** Those of `types` that the engine does not know itself, by catalogue name. */
export async function loadFormats(types: Iterable<string>): Promise<ReadonlyMap<string, Format>> {
  const formats = new Map<string, Format>();
  for (const type of types) {
    const load = loaders.get(type);
    if (load !== undefined && !formats.has(type)) formats.set(type, await load());
  }
  return formats;
}
