/** Hints between the words. What a hint means, and where what it names is declared, comes when somebody points at it. */
import type { InlayHintKind, InlayHint as LspHint } from "vscode-languageserver-protocol";
import { inlayHints } from "../../compiler/service/inlay-hints.ts";
import type { InlayHint } from "../../compiler/service/types.ts";
import type { Handler } from "../requests.ts";
import { documentOf, locationOf, type Session } from "../session.ts";
import type { Settings } from "../settings.ts";

const typeHint: InlayHintKind = 1;

/** The setting that a kind of hints is switched by. */
const switches = { type: "types", default: "defaults", stage: "stages" } as const satisfies Record<
  InlayHint["kind"],
  keyof Settings["inlayHints"]
>;

export const onInlayHint: Handler<"textDocument/inlayHint"> = (session, { textDocument, range }) => {
  const document = documentOf(session, textDocument.uri);
  if (!document) return null;
  const span = session.positions.span(document.source, range);
  return inlayHints(session.workspace, document.path, span)
    .filter(({ kind }) => session.settings.inlayHints[switches[kind]])
    .map((hint): LspHint => {
      const { offset, label, kind, paddingLeft } = hint;
      const position = session.positions.position(document.source, offset);
      const bare: Pick<LspHint, "position" | "paddingLeft" | "kind"> = {
        position,
        paddingLeft,
        ...(kind === "type" ? { kind: typeHint } : {}),
      };
      if (!resolves(session)) return { ...bare, ...detailsOf(session, hint) };
      return { ...bare, label: [{ value: label }], data: { uri: textDocument.uri, offset, label } };
    });
};

const resolves = ({ client }: Session): boolean =>
  client.textDocument?.inlayHint?.resolveSupport?.properties.includes("tooltip") === true;

const detailsOf = (session: Session, { label, tooltip, target }: InlayHint) => ({
  label: [{ value: label, ...(target === undefined ? {} : { location: locationOf(session, target) }) }],
  tooltip,
});

export const onInlayHintResolve: Handler<"inlayHint/resolve"> = (session, hint) => {
  if (typeof hint.data !== "object" || hint.data === null) return hint;
  const { uri, offset, label } = hint.data;
  const document = typeof uri === "string" ? documentOf(session, uri) : undefined;
  if (!document || typeof offset !== "number") return hint;
  const span = { start: offset, end: offset };
  const found = inlayHints(session.workspace, document.path, span).find((one) => one.label === label);
  return found ? { ...hint, ...detailsOf(session, found) } : hint;
};
