/** Files on disk from the disk, and those of virtual workspaces (`vscode-vfs:`, …) from the client. */
import type { Files } from "./files.ts";

/** A drive letter is no scheme. */
const isVirtual = (path: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(path);

export function filesByScheme(disk: Files, client: Files): Files {
  const filesOf = (path: string): Files => (isVirtual(path) ? client : disk);
  return {
    read: (path) => filesOf(path).read(path),
    inFolder: (folder) => filesOf(folder).inFolder(folder),
    list(folders) {
      const virtual = folders.filter(isVirtual);
      const real = folders.filter((folder) => !isVirtual(folder));
      return [...(real.length > 0 ? disk.list(real) : []), ...(virtual.length > 0 ? client.list(virtual) : [])];
    },
    forget: (path) => filesOf(path).forget(path),
    recheck: () => [...disk.recheck(), ...client.recheck()],
    onArrival: (listener) => client.onArrival?.(listener),
    arrivals: async () => (await client.arrivals?.()) ?? false,
  };
}
