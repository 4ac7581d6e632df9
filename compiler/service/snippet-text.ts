/** A snippet as plain text: placeholders stand for themselves, empty tab stops are holes. */

export interface Filled {
  readonly text: string;
  /** Offsets in the text of the tab stops that the author is to fill. */
  readonly holes: readonly number[];
}

interface Item {
  readonly label: string;
  readonly newText?: string;
  readonly isSnippet?: boolean;
}

/** @param inHoles what the author may have typed at each empty tab stop */
export function filled(item: Item, inHoles = ""): Filled {
  const written = item.newText ?? item.label;
  if (item.isSnippet !== true) return { text: written, holes: [] };
  const holes: number[] = [];
  let text = "";
  let end = 0;
  for (const found of written.matchAll(/\\([\\$}])|\$\{\d+:((?:\\.|[^}\\])*)\}|\$\{\d+\}|\$\d+/g)) {
    const [all, escaped, placeholder] = found;
    text += written.slice(end, found.index);
    end = found.index + all.length;
    if (escaped === undefined && placeholder === undefined) holes.push(text.length);
    text += escaped ?? placeholder?.replace(/\\(.)/g, "$1") ?? inHoles;
  }
  return { text: text + written.slice(end), holes };
}
