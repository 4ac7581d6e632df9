/** What a new pipeline begins as: it compiles, runs and tests itself. */
export const pipelineTemplate = `/// Paid orders, from standard input to standard output, one JSON object a line.
type Order { id: string, paid: bool }

source orders: Order { stdin {} }

step paid from orders {
  filter data.paid
}

sink out from paid { stdout {} }

test "unpaid orders are dropped" {
  orders at 0s { id: "a", paid: true }
  orders at 1s { id: "b", paid: false }
  expect paid [{ id: "a" }]
}
`;
