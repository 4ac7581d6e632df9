/** The folder under test as the test holds it, and the questions that the editor's side (`memory-folder/extension.ts`) asks about it. */

/** One question, sent as the body of a POST. */
export type FolderQuestion =
  | { readonly ask: "stat" | "read" | "delete"; readonly path: string }
  | { readonly ask: "write"; readonly path: string; readonly text: string }
  | { readonly ask: "rename"; readonly path: string; readonly to: string };

export type FolderAnswer =
  | { readonly found: false }
  | { readonly found: true; readonly text: string; readonly size: number; readonly changed: number }
  | { readonly found: true; readonly entries: readonly (readonly [name: string, isFolder: boolean])[] };

export class MemoryFolder {
  readonly #files = new Map<string, { readonly text: string; readonly changed: number }>();
  #revision = 1;

  text(path: string): string | undefined {
    return this.#files.get(path)?.text;
  }

  write(path: string, text: string): void {
    this.#revision += 1;
    this.#files.set(path, { text, changed: this.#revision });
  }

  answer(question: FolderQuestion): FolderAnswer {
    const { path } = question;
    if (question.ask === "write") this.write(path, question.text);
    const file = this.#files.get(path);
    if (file !== undefined && question.ask === "rename") this.write(question.to, file.text);
    if (question.ask === "rename" || question.ask === "delete") this.#files.delete(path);
    if (file !== undefined) return { found: true, size: Buffer.byteLength(file.text), ...file };
    return this.#folder(path);
  }

  #folder(path: string): FolderAnswer {
    const prefix = path.endsWith("/") ? path : `${path}/`;
    const inside = [...this.#files.keys()].filter((name) => name.startsWith(prefix));
    if (inside.length === 0) return { found: false };
    const entries = new Map(
      inside.map((name) => {
        const [first, ...rest] = name.slice(prefix.length).split("/");
        return [first!, rest.length > 0] as const;
      }),
    );
    return { found: true, entries: [...entries] };
  }
}
