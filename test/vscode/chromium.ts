/** Finds the browser: the one CHROMIUM names, else the first on PATH. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export function chromiumPath(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment.CHROMIUM;
  if (named !== undefined && named !== "") {
    if (runs(named)) return named;
    throw new Error(`CHROMIUM names '${named}', which is not a program that can be started.`);
  }
  const folders = (environment.PATH ?? "").split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(runs);
  if (found !== undefined) return found;
  throw new Error(
    `The editor tests need Chromium, and PATH has none of ${names.join(", ")}. ` +
      "Debian and Ubuntu: apt-get install chromium. Elsewhere: name any Chromium or Chrome by CHROMIUM=/path/to/it.",
  );
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
