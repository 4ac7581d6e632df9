/** Open documents over a host: what is kept, and what is analysed anew after a change. */
import { describe, expect, it } from "vitest";
import { diskHost, realFiles } from "../../test/support/service-workspace.ts";
import { deploymentDiagnostics } from "../emit/deployment.ts";
import { check } from "../semantics/check.ts";
import { memoryHost } from "../source/host.ts";
import { diagnosticsOf, relatedFiles } from "./diagnostics.ts";
import { Workspace } from "./workspace.ts";

describe("diagnostics", () => {
  it.each(realFiles())("are those of `flow check` for %s", (path) => {
    const checked = check(path, diskHost, { paramsLater: true, later: deploymentDiagnostics });
    const ws = new Workspace(diskHost);
    ws.open(path, diskHost.readFile(path)!);
    expect(ws.file(path).allDiagnostics).toEqual(checked.diagnostics);
    expect(diagnosticsOf(ws, path)).toEqual(checked.diagnostics.filter(({ at }) => at.file === path));
  });

  it("are the same after edits that lead back to the text", () => {
    const path = "examples/08-fraud/fraud.flow";
    const text = diskHost.readFile(path)!;
    const ws = new Workspace(diskHost);
    ws.open(path, text);
    const before = ws.file(path).diagnostics;
    for (let at = 0; at < text.length; at += 97) {
      ws.change(path, [{ start: at, end: at + 3, newText: "" }]);
      expect(ws.file(path).source.text.length).toBeLessThan(text.length);
      ws.change(path, [{ start: at, end: at, newText: text.slice(at, at + 3) }]);
    }
    expect(ws.source(path).text).toBe(text);
    expect(ws.file(path).diagnostics).toEqual(before);
  });
});

describe("the workspace", () => {
  const files = {
    "common.flow": "type A { x: int }\n",
    "a.flow": 'import "./common.flow"\nsource s: A { stdin {} }\nsink out from s { stdout {} }\n',
    "b.flow": "source s { stdin {} }\nsink out from s { stdout {} }\n",
  };
  const opened = (): Workspace => {
    const ws = new Workspace(memoryHost(files));
    for (const [path, text] of Object.entries(files)) ws.open(path, text);
    return ws;
  };

  it("analyses anew only what depends on an edit", () => {
    const ws = opened();
    const [a, b] = [ws.file("a.flow"), ws.file("b.flow")];
    expect([a.diagnostics, b.diagnostics]).toEqual([[], []]);
    expect(relatedFiles(ws, "common.flow")).toEqual(["a.flow"]);
    ws.change("common.flow", "type B { x: int }\n");
    expect(ws.file("b.flow")).toBe(b);
    expect(ws.file("a.flow")).not.toBe(a);
    expect(ws.file("a.flow").diagnostics.map(({ code }) => code)).toContain("FLOW2002");
  });

  it("keeps the tree of an import while another file is edited", () => {
    const ws = opened();
    const tree = ws.tree("common.flow");
    ws.change("a.flow", `${files["a.flow"]}// more\n`);
    expect(ws.file("a.flow").diagnostics).toEqual([]);
    expect(ws.tree("common.flow")).toBe(tree);
  });

  it("sees a file that comes to be where one was looked for in vain", () => {
    const onDisk: Record<string, string> = { "a.flow": files["a.flow"] };
    const ws = new Workspace({
      readFile: (path) => onDisk[path],
      resolve: memoryHost({}).resolve,
    });
    expect(ws.file("a.flow").diagnostics.map(({ code }) => code)).toContain("FLOW2021");
    onDisk["common.flow"] = files["common.flow"];
    ws.changed("common.flow");
    expect(ws.file("a.flow").diagnostics).toEqual([]);
  });

  it("reads a closed file once, until it is said to have changed", () => {
    let reads = 0;
    const ws = new Workspace({
      readFile: (path) => {
        if (path === "common.flow") reads++;
        return files[path as keyof typeof files];
      },
      resolve: memoryHost({}).resolve,
    });
    for (let i = 0; i < 5; i++) {
      ws.change("a.flow", `${files["a.flow"]}// ${i}\n`);
      expect(ws.file("a.flow").diagnostics).toEqual([]);
    }
    expect(reads).toBe(1);
    ws.changed("common.flow");
    expect(ws.file("a.flow").diagnostics).toEqual([]);
    expect(reads).toBe(2);
  });

  it("takes the host's text again when a document is closed", () => {
    const ws = opened();
    ws.change("b.flow", "nonsense");
    expect(ws.file("b.flow").diagnostics).not.toEqual([]);
    ws.close("b.flow");
    expect(ws.file("b.flow").diagnostics).toEqual([]);
  });

  it("does not check again after a change that changes nothing", () => {
    const ws = opened();
    const before = ws.file("b.flow");
    ws.change("b.flow", files["b.flow"]);
    expect(ws.file("b.flow")).toBe(before);
  });
});
