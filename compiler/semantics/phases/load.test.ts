import { describe, expect, it } from "vitest";
import { expectMarked, foundIn } from "../marked-text.ts";

const main = `
import "./common.flow"
source orders: Order { kafka { topic: topic } }
step big from orders { filter is_big(data.qty) }
sink out from big { stdout {} }
`;

describe("an import", () => {
  it("brings types, functions, params and connection defaults, and none of the nodes", () => {
    const { model } = expectMarked(main, {
      "common.flow": `
        pipeline common { kafka { brokers: ["kafka:9092"] } }
        type Order { id: string, qty: int }
        fn is_big(n: int): bool = n > 10
        param topic: string = "orders"
        source ignored { stdin {} }
        step unread from ignored { filter data.x }
      `,
    });
    expect(model.nodes.map((node) => node.name)).toEqual(["orders", "big", "out"]);
    expect([...model.defaults.keys()]).toEqual(["kafka"]);
    expect(model.dependencies).toEqual(["common.flow"]);
    expect(model.symbols.find((symbol) => symbol.name === "is_big")).toMatchObject({
      at: { file: "common.flow" },
      uses: [{ file: "main.flow" }],
    });
  });

  it("reaches through other imports, each file read once", () => {
    expectMarked(main, {
      "common.flow": `import "./types.flow" import "lib/fns.flow" pipeline common { kafka { brokers: ["kafka:9092"] } } param topic: string = "orders"`,
      "types.flow": `type Order { id: string, qty: int }`,
      "lib/fns.flow": `import "../types.flow" fn is_big(n: int): bool = n > 10`,
    });
  });

  it("of a file that is not there is a mistake", () => {
    expectMarked(`
import "./comon.flow"
//     ^^^^^^^^^^^^^^ error FLOW2021: The file './comon.flow' of this import cannot be read. Paths are relative to this file.
source orders { stdin {} }
sink out from orders { stdout {} }
`);
  });

  it("in a circle names the circle", () => {
    const found = foundIn(
      `import "./a.flow"\nsource orders: Order { stdin {} }\nsink out from orders { stdout {} }\n`,
      {
        "a.flow": `import "./b.flow" type Order { id: string }`,
        "b.flow": `import "./a.flow"`,
      },
    );
    expect(found).toEqual([
      "b.flow 1:8+10 error FLOW2022: These files import each other in a circle: a.flow → b.flow → a.flow. Move what they share to a file of its own.",
    ]);
  });

  it("of one file by two others is no circle", () => {
    const files = {
      "a.flow": `import "./c.flow"`,
      "b.flow": `import "./c.flow" type Order { lines: [Line] }`,
      "c.flow": `type Line { sku: string }`,
    };
    expect(
      foundIn(
        `import "./a.flow"\nimport "./b.flow"\nsource s: Order { stdin {} }\nsource t: Line { file { path: "x" } }\nsink out from s, t { stdout {} }\n`,
        files,
      ),
    ).toEqual([]);
  });

  it("of a file with a mistake shows the mistake there", () => {
    const common = `pipeline common { kafka { brokers: ["k:1"] } }\ntype Order { id: strin, qty: int }\nfn is_big(n: int): bool = n > 10\nparam topic: string = "orders"`;
    expect(foundIn(main, { "common.flow": common })).toEqual([
      "common.flow 2:18+5 error FLOW2002: There is no type 'strin'. Did you mean 'string'?",
    ]);
  });

  it("that is too deep is refused", () => {
    const files = Object.fromEntries(
      Array.from({ length: 150 }, (_, i) => [`f${i}.flow`, `import "./f${i + 1}.flow"`]),
    );
    expect(foundIn(`import "./f0.flow"`, files)).toEqual([expect.stringMatching(/FLOW2021/)]);
  });
});
