/** The names of previews: `flow-preview:/resource/orders.pipeline.yaml?<uri of the file>`. The server reads the kind and the query. */

export const previewScheme = "flow-preview";

/** How each kind is called in a tab; the ending gives the editor the language. */
const endings = {
  resource: ".pipeline.yaml",
  runtime: ".runtime.json",
  ir: ".ir.json",
  graph: ".mmd",
} as const;

export type PreviewKind = keyof typeof endings;
export const previewKinds: readonly PreviewKind[] = ["resource", "runtime", "ir", "graph"];

interface Parts {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
}

/** @param source the URI of the `.flow` document, and its path for the name. */
export function previewParts(kind: PreviewKind, source: string, path: string): Parts {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.flow$/, "");
  return { scheme: previewScheme, path: `/${kind}/${name}${endings[kind]}`, query: source };
}

/** Undefined when it is no preview. */
export function previewOf({
  scheme,
  path,
  query,
}: Parts): { readonly kind: PreviewKind; readonly source: string } | undefined {
  const kind = previewKinds.find((one) => path.startsWith(`/${one}/`));
  return scheme === previewScheme && kind !== undefined ? { kind, source: query } : undefined;
}
