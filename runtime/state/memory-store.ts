/** A state store in memory: survives a run, not the process. For tests that restart a pipeline. */
import type { StateChanges, StateStore } from "./state-store.ts";

export class MemoryStore implements StateStore {
  private valueByName = new Map<string, Uint8Array>();
  private pagesByNode = new Map<string, Map<number, Uint8Array>>();

  values(): ReadonlyMap<string, Uint8Array> {
    return this.valueByName;
  }

  pages(node: string): Iterable<readonly [number, Uint8Array]> {
    return [...(this.pagesByNode.get(node) ?? [])].sort(([a], [b]) => a - b);
  }

  nodes(): readonly string[] {
    return [...this.pagesByNode].filter(([, pages]) => pages.size > 0).map(([node]) => node);
  }

  transaction(write: (changes: StateChanges) => void): void {
    const valueByName = new Map(this.valueByName);
    const pagesByNode = new Map([...this.pagesByNode].map(([node, pages]) => [node, new Map(pages)]));
    write({
      value: (name, content) => put(valueByName, name, content),
      page: (node, page, content) => {
        const pages = pagesByNode.get(node) ?? new Map<number, Uint8Array>();
        pagesByNode.set(node, pages);
        put(pages, page, content);
      },
      dropPages: (node) => pagesByNode.delete(node),
    });
    this.valueByName = valueByName;
    this.pagesByNode = pagesByNode;
  }

  close(): void {}
}

function put<K>(map: Map<K, Uint8Array>, key: K, content: Uint8Array | undefined): void {
  if (content === undefined) map.delete(key);
  else map.set(key, Uint8Array.from(content));
}
