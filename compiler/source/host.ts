/** How the compiler core reads: the only way to the outside, handed in, so that the core itself does no IO. */

export interface Host {
  /** The text of a file, undefined when there is none. Must answer the same for the length of one compilation. */
  readFile(path: string): string | undefined;
  /** `path` as written in `from`, made absolute or canonical: the name by which the host knows it. */
  resolve(from: string, path: string): string;
}

/** A host over texts in memory; paths are POSIX-like. For tests and browsers. */
export function memoryHost(files: Readonly<Record<string, string>>): Host {
  return {
    readFile: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    resolve: (from, path) => {
      if (path.startsWith("/")) return path;
      const parts = from.split("/").slice(0, -1);
      for (const part of path.split("/")) {
        if (part === "..") parts.pop();
        else if (part !== "." && part !== "") parts.push(part);
      }
      return parts.join("/");
    },
  };
}
