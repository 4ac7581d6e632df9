/** HTTP, as a source, a sink and a table. */
import type { Connector } from "../engine/connector.ts";
import { openHttpSink } from "./http-sink.ts";
import { openHttpSource } from "./http-source.ts";
import { openHttpTable } from "./http-table.ts";

export const http: Connector = {
  type: "http",
  openSource: openHttpSource,
  openSink: openHttpSink,
  openTable: openHttpTable,
};
