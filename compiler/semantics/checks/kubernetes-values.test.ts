/** Values that the cluster would refuse are found before it sees them. */
import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("checks namespaces, labels and quantities", () => {
  expectMarked(`
pipeline p {
  namespace "My Team"
//          ^^^^^^^^^ error FLOW5009: The namespace cannot be 'My Team': Kubernetes takes small letters, digits and '-', at most 63.
  labels { team: "check out", "bad name": "x" }
//       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error FLOW5009: A label's name cannot be 'bad name': Kubernetes takes letters, digits, '-', '_' and '.', at most 63.
//       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error FLOW5009: The label 'team' cannot be 'check out': Kubernetes takes letters, digits, '-', '_' and '.', at most 63.
  resources { cpu: "half", memory: "256Mi" }
//            ^^^^^^^^^^^ error FLOW5009: 'cpu' cannot be 'half': Kubernetes takes a quantity such as '500m', '2' or '256Mi'.
}
source orders { stdin {} }
sink out from orders { stdout {} }
`);
});

it("checks the quantities of a container and of limits too", () => {
  expectMarked(`
source orders { stdin {} }
step scored from orders {
  container "score:1" { resources: { cpu: "lots" } }
//                      ^^^^^^^^^^^^^^^^^^^^^^^^^^ error FLOW5009: 'cpu' cannot be 'lots': Kubernetes takes a quantity such as '500m', '2' or '256Mi'.
  resources { limits: { memory: "much" } }
//            ^^^^^^^^^^^^^^^^^^^^^^^^^^ error FLOW5009: 'memory' cannot be 'much': Kubernetes takes a quantity such as '500m', '2' or '256Mi'.
}
sink out from scored { stdout {} }
`);
});

it("checks the name of a secret and the key in it", () => {
  expectMarked(`
pipeline p { errors fail }
source orders { stdin {} }
sink to_table from orders { db { url: secret("My_Db", "url"), table: "orders" } }
//                                    ^^^^^^^^^^^^^^^^^^^^^^ error FLOW5009: A secret's name cannot be 'My_Db': Kubernetes takes small letters, digits, '-' and '.', at most 253.
sink to_other from orders { db { url: secret("db.main", "its url"), table: "other" } }
//                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error FLOW5009: A secret's key cannot be 'its url': Kubernetes takes letters, digits, '-', '_' and '.', at most 253.
sink to_third from orders { db { url: secret("db", "URL_1.a-b"), table: "third" } }
`);
});
