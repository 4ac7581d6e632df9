/** Files, as a source, a sink and a table. */
import type { Connector } from "../engine/connector.ts";
import { openFileSink } from "./file-sink.ts";
import { openFileSource } from "./file-source.ts";
import { withJsonArrays } from "./json-array-part.ts";

export const file: Connector = {
  type: "file",
  replayable: true,
  forgets: ({ path }) => (path === "-" ? "standard input" : undefined),
  openSource: openFileSource,
  openSink: openFileSink,
  openTable: (context) => withJsonArrays(openFileSource(context), context),
};
