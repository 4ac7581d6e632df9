/** HTTP, as a source, a sink and a table. Each is loaded when it is opened: most runs need none of them. */
import type { Connector } from "../engine/connector.ts";

export const http: Connector = {
  type: "http",
  openSource: async (context) => (await import("./http-source.ts")).openHttpSource(context),
  openSink: async (context) => (await import("./http-sink.ts")).openHttpSink(context),
  openTable: async (context) => (await import("./http-table.ts")).openHttpTable(context),
};
