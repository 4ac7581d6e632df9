/** What stands under the cursor, and the parameters of the call around it. */
import { hover } from "../../compiler/service/hover.ts";
import { signatureHelp } from "../../compiler/service/signature-help.ts";
import { markup } from "../markup.ts";
import type { Handler } from "../requests.ts";
import { placeOf } from "../session.ts";

export const onHover: Handler<"textDocument/hover"> = (session, params) => {
  const place = placeOf(session, params);
  const found = place && hover(session.workspace, place.document.path, place.offset);
  if (!found) return null;
  return {
    contents: markup(found.markdown, session.client.textDocument?.hover?.contentFormat),
    range: place.document.range(found.span),
  };
};

export const onSignatureHelp: Handler<"textDocument/signatureHelp"> = (session, params) => {
  const place = placeOf(session, params);
  const help = place && signatureHelp(session.workspace, place.document.path, place.offset);
  if (!help) return null;
  const formats = session.client.textDocument?.signatureHelp?.signatureInformation?.documentationFormat;
  return {
    activeSignature: help.activeSignature,
    activeParameter: help.activeParameter,
    signatures: help.signatures.map(({ label, documentation, parameters }) => ({
      label,
      documentation: markup(documentation, formats),
      parameters: parameters.map(({ start, end }) => ({ label: [start, end] })),
    })),
  };
};
