/** Finds the `flow` binary of a project on disk. Runs nothing. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** From the folder upwards, as Node looks for packages. */
export function projectFlow(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = flowOfPackage(join(at, "node_modules", "argo-dataflow"));
    if (found !== undefined) return found;
    if (dirname(at) === at) return undefined;
  }
}

/** Of a file itself, of a package, or of a project that has the package. */
export function flowIn(path: string): string | undefined {
  if (/\.[cm]?js$/.test(path)) return existsSync(path) ? path : undefined;
  return flowOfPackage(path) ?? projectFlow(path);
}

/** The `flow` binary of a package that has one and is ours. */
function flowOfPackage(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (typeof manifest !== "object" || manifest === null) return undefined;
    if (!("name" in manifest) || manifest.name !== "argo-dataflow" || !("bin" in manifest)) return undefined;
    const { bin } = manifest;
    const flow = typeof bin === "object" && bin !== null && "flow" in bin ? bin.flow : undefined;
    if (typeof flow !== "string") return undefined;
    const path = join(folder, flow);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
