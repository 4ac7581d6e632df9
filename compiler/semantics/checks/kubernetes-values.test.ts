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
