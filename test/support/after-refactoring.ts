/** The text after a refactoring, for its tests: `«…»` marks the selection, `‸` the cursor. */

import { applyEdits } from "../../compiler/service/refactor/lay-out.ts";
import { refactorings } from "../../compiler/service/refactor/refactorings.ts";
import { Workspace } from "../../compiler/service/workspace.ts";
import { memoryHost } from "../../compiler/source/host.ts";

export interface Offers {
  /** The titles of what can be done, and of what cannot with the reason. */
  readonly titles: readonly string[];
  /** The text after the first whose title begins so. */
  textAfter(title: string): string;
}

export function offersIn(marked: string, others: Readonly<Record<string, string>> = {}): Offers {
  const start = marked.search(/[«‸]/);
  const end = marked.includes("»") ? marked.indexOf("»") - 1 : start;
  const text = marked.replace(/[«»‸]/g, "");
  const ws = new Workspace(memoryHost({ ...others, "main.flow": text }));
  ws.open("main.flow", text);
  const found = refactorings(ws, "main.flow", { start, end });
  return {
    titles: found.map(({ title, disabled }) => (disabled === undefined ? title : `${title}: ${disabled}`)),
    textAfter: (title) => {
      const one = found.find((each) => each.title.startsWith(title));
      if (!one) throw new Error(`'${title}' is not offered, but ${found.map((each) => each.title).join("; ")}`);
      return applyEdits(text, one.edits());
    },
  };
}
