/** The declarations of a file, in the order in which they are usually written. */
import type { DeclarationRow } from "./rows.ts";

export const declarations: readonly DeclarationRow[] = [
  { keyword: "pipeline", signature: "pipeline name { … }", place: "pipeline", doc: "Names the pipeline and says what holds for all of it. Optional; without it the file's name is the pipeline's.", example: "pipeline word_count { delivery at_least_once }", since: "0.1" },
  { keyword: "import", signature: "import \"path.flow\"", doc: "Takes the types, functions, params and connection defaults of another file.", example: "import \"./common.flow\"", since: "0.1" },
  { keyword: "param", signature: "param name: type = default", doc: "A value set from outside, by `--param`, `--params` or the environment.", example: "param brokers: [string] = [\"localhost:9092\"]", since: "0.1" },
  { keyword: "type", signature: "type Name { … } · type Name from schema(\"…\") · type Name from sample(\"…\")", doc: "A structural record type; open: fields not named travel along unseen.", example: "type Order { id: string, qty: int, note?: string }", since: "0.1" },
  { keyword: "fn", signature: "fn name(parameter: type, …): type = expression", doc: "A pure function; checked once, inlined where it is used.", example: "fn domain(email: string): string = email.split(\"@\")[1]", since: "0.1" },
  { keyword: "table", signature: "table name: Type { connector key … refresh … }", place: "table", doc: "Reference data to enrich with: `name[key]` is an optional row.", example: "table teams: Team { file { path: \"teams.csv\" } key data.id refresh 15m }", since: "0.1" },
  { keyword: "source", signature: "source name: Type { connector time … watermark … format … }", place: "source", doc: "Where events enter.", example: "source orders: Order { stdin {} }", since: "0.1" },
  { keyword: "step", signature: "step name from inputs { operators }", place: "step", doc: "Work on each event: operators, in the order written.", example: "step paid from orders { filter data.paid }", since: "0.1" },
  { keyword: "window", signature: "window name from input { key … fixed … emit … }", place: "window", doc: "Groups by key and event time, then aggregates.", example: "window totals from orders { key data.customer fixed 1h emit { customer: key, n: count() } }", since: "0.1" },
  { keyword: "chunk", signature: "chunk name from input { size … }", place: "chunk", doc: "Marks where chunks of the stream begin and end.", example: "chunk bulk from orders { size 500 every 5s }", since: "0.1" },
  { keyword: "sink", signature: "sink name from inputs { connector }", place: "sink", doc: "Where events leave.", example: "sink out from paid { stdout {} }", since: "0.1" },
  { keyword: "test", signature: "test \"what it shows\" { … }", place: "test", doc: "A deterministic run with a virtual clock.", example: "test \"unpaid orders are dropped\" { orders at 0s { paid: false } expect nothing from paid }", since: "0.1" },
];
