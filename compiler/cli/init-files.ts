/** The files of a new project. */

export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

export const pipelineFile = "pipeline.flow";

/** @param name of the pipeline, as the language writes names. */
export function projectFiles(name: string): readonly ProjectFile[] {
  return [
    { path: pipelineFile, text: pipeline(name) },
    { path: "input/orders.ndjson", text: orders },
    { path: "flow.config.json", text: config },
    { path: ".gitignore", text: "out/\n*.dead-letter.ndjson\nnode_modules/\n" },
    { path: "README.md", text: readme(name) },
  ];
}

const pipeline = (name: string): string => `/// Totals of the paid orders of each customer.
pipeline ${name}

type Order {
  id: string
  customer: string
  total: double
  paid: bool
}

source orders: Order {
  file { path: "input/orders.ndjson" }
}

step paid from orders {
  filter data.paid
}

window totals from paid {
  key data.customer
  global
  emit { customer: key, orders: count(), total: sum(data.total) }
}

sink out from totals {
  stdout {}
}

test "orders that are not paid do not count" {
  orders at 0s { id: "o1", customer: "ada", total: 10.0, paid: true }
  orders at 1s { id: "o2", customer: "ada", total: 5.0, paid: false }
  end
  expect totals [{ customer: "ada", orders: 1, total: 10.0 }]
}
`;

/** The last line lacks its total: it shows where bad records go. */
const orders = `{"id":"o1","customer":"ada","total":12.5,"paid":true}
{"id":"o2","customer":"bob","total":40.0,"paid":true}
{"id":"o3","customer":"ada","total":7.25,"paid":false}
{"id":"o4","customer":"ada","total":30.0,"paid":true}
{"id":"o5","customer":"bob","paid":true}
`;

const config = `{
  "levels": {}
}
`;

const readme = (name: string): string => `# ${name}

    flow run ${pipelineFile}        # the totals of input/orders.ndjson
    flow test                     # the tests at the end of the pipeline
    flow check --watch            # mistakes, as you type
    flow graph ${pipelineFile}      # the pipeline as a picture
    flow compile ${pipelineFile}    # what Kubernetes gets

One order in the input has no total. It is not lost: it stands in ${name}.dead-letter.ndjson, with the reason.
To read from elsewhere: \`flow run ${pipelineFile} --from orders=stdin\`.
`;
