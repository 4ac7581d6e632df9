/** The store in a folder: what a transaction put is there, all of it or nothing, and damage does not go unseen. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { MemoryStore } from "./memory-store.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import type { StateStore } from "./state-store.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "flow-store-"));
  folders.push(folder);
  return folder;
}

const bytes = (text: string) => Buffer.from(text);
const textOf = (content: Uint8Array) => Buffer.from(content).toString();
const contentOf = (store: StateStore) => ({
  values: [...store.values()].map(([name, content]) => `${name}=${textOf(content)}`).sort(),
  pages: store
    .nodes()
    .map((node) => [node, ...[...store.pages(node)].map(([page, content]) => `${page}=${textOf(content)}`)]),
});

const stores: readonly (readonly [string, () => Promise<StateStore>])[] = [
  ["in memory", async () => new MemoryStore()],
  ["in a folder", () => openSqliteStore(temporary())],
];

describe.each(stores)("a store %s", (_name, open) => {
  it("gives values by name, and pages in ascending order", async () => {
    const store = await open();
    store.transaction((changes) => {
      changes.value("a", bytes("1"));
      changes.value("b", bytes("2"));
      for (const page of [10, 2, 2 ** 40]) changes.page("n", page, bytes(`p${page}`));
      changes.page("m", 0, bytes("m"));
    });
    store.transaction((changes) => {
      changes.value("a", undefined);
      changes.value("b", bytes("3"));
      changes.page("n", 2, undefined);
      changes.page("n", 7, undefined);
      changes.dropPages("m");
    });
    expect(contentOf(store)).toEqual({ values: ["b=3"], pages: [["n", "10=p10", `${2 ** 40}=p${2 ** 40}`]] });
    store.close();
  });

  it("changes nothing when a transaction fails", async () => {
    const store = await open();
    store.transaction((changes) => changes.page("n", 1, bytes("before")));
    const fails = () =>
      store.transaction((changes) => {
        changes.page("n", 1, bytes("after"));
        changes.value("a", bytes("1"));
        throw new Error("in the middle");
      });
    expect(fails).toThrow("in the middle");
    store.transaction((changes) => changes.value("b", bytes("2")));
    expect(contentOf(store)).toEqual({ values: ["b=2"], pages: [["n", "1=before"]] });
    store.close();
  });
});

describe("a store in a folder", () => {
  it("is there again when it is opened again", async () => {
    const folder = temporary();
    const store = await openSqliteStore(folder);
    store.transaction((changes) => changes.value("a", bytes("1")));
    const before = contentOf(store);
    store.close();
    store.close();
    const again = await openSqliteStore(folder);
    expect(contentOf(again)).toEqual(before);
    again.close();
  });

  it("is refused while it is open elsewhere", async () => {
    const folder = temporary();
    const store = await openSqliteStore(folder);
    await expect(openSqliteStore(folder)).rejects.toMatchObject({ code: "state-in-use" });
    store.close();
    (await openSqliteStore(folder)).close();
  });

  it("tells every changed byte of a row", async () => {
    const folder = temporary();
    const store = await openSqliteStore(folder);
    store.transaction((changes) => {
      for (let page = 0; page < 50; page++)
        changes.page("n", page, bytes(`content of the page ${page}, and more of it`));
    });
    store.close();
    const path = join(folder, "state.db");
    const original = readFileSync(path);
    for (let i = 0; i < 30; i++) {
      const at = original.indexOf(`page ${i}, and`) + (i % 10);
      const changed = Buffer.from(original);
      changed[at] = changed[at]! ^ (1 << (i % 8));
      writeFileSync(path, changed);
      const opened = await openSqliteStore(folder);
      expect(() => contentOf(opened)).toThrow(expect.objectContaining({ code: "state-damaged" }));
      opened.close();
    }
  });

  it("of another layout is refused, not read", async () => {
    const folder = temporary();
    (await openSqliteStore(folder)).close();
    writeFileSync(join(folder, "flow-state.json"), '{"layout":99}');
    await expect(openSqliteStore(folder)).rejects.toMatchObject({ code: "state-of-other-version" });
  });
});
