/** A feature that fails: it is logged, it answers nothing, and the next request is answered. */
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { createProtocolConnection, ResponseError } from "vscode-languageserver-protocol/node";
import type { Files } from "../../lsp/files.ts";
import { handlers } from "../../lsp/handlers.ts";
import { type MethodRow, methods } from "../../lsp/methods.ts";
import { serve } from "../../lsp/server.ts";

const uri = "file:///project/a.flow";
const internalError = -32603;
const invalidParams = -32602;
const nothing: Files = {
  read: () => undefined,
  inFolder: () => [],
  list: () => [],
  forget: () => {},
  recheck: () => [],
};

const noRunner = (): never => {
  throw new Error("nothing is run here");
};

/** A server in this process, over these files. */
async function connected(files: Partial<Files>, capabilities = {}) {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  serve(
    server,
    () => ({ ...nothing, ...files }),
    () => noRunner,
  );
  const client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const logged: string[] = [];
  client.onNotification("window/logMessage", ({ message }: { message: string }) => {
    logged.push(message);
  });
  client.listen();
  await client.sendRequest("initialize", { processId: null, rootUri: "file:///project", capabilities });
  await client.sendNotification("initialized", {});
  return { client, logged };
}

const open = (text: string) => ({ textDocument: { uri, languageId: "flow", version: 1, text } });
const at = { textDocument: { uri }, position: { line: 0, character: 8 } };

describe("files that cannot be read", () => {
  const fails: Partial<Files> = {
    read: (path) => {
      if (path.endsWith("bad.flow")) throw new TypeError("broken on purpose");
      return undefined;
    },
  };

  it("fail the features that need them, each in its own way, and no other", async () => {
    const { client, logged } = await connected(fails, { textDocument: { diagnostic: {} } });
    await client.sendNotification("textDocument/didOpen", open('import "./bad.flow"\n'));
    expect(await client.sendRequest("textDocument/diagnostic", at)).toEqual({ kind: "full", items: [] });
    expect(await client.sendRequest("textDocument/hover", at)).toBe(null);
    expect(await client.sendRequest("textDocument/foldingRange", at)).toEqual([]);
    expect(logged[0]).toMatch(/^textDocument\/diagnostic failed: TypeError: broken on purpose\n +at /);
  });

  it("fail published diagnostics, and the next ones come", async () => {
    const { client, logged } = await connected(fails);
    const published = new Promise((resolve) => client.onNotification("textDocument/publishDiagnostics", resolve));
    await client.sendNotification("textDocument/didOpen", open('import "./bad.flow"\n'));
    await client.sendRequest("workspace/symbol", { query: "" });
    await client.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: "sink a from b { stdout {} }\n" }],
    });
    expect(await published).toMatchObject({ version: 2, diagnostics: [{ code: "FLOW2001" }] });
    expect(logged.every((message) => message.startsWith("Diagnostics failed: TypeError"))).toBe(true);
  });
});

const requests = (methods as readonly MethodRow[]).filter(
  ({ method, from, supported }) => from === "client" && supported && method in handlers,
);
const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 8 } };
const textDocument = { uri };
/** Whole parameters for any request. */
const anyParams = {
  textDocument,
  position: range.start,
  positions: [range.start],
  range,
  ranges: [range],
  context: { diagnostics: [], includeDeclaration: true },
  options: {},
  previousResultId: "",
  previousResultIds: [],
  files: [{ oldUri: uri, newUri: "file:///project/b.flow" }],
  item: { uri, name: "a", selectionRange: range },
  query: "",
  label: "",
  title: "",
  name: "a",
  location: { uri },
  newName: "b",
  ch: "}",
  uri: `flow-preview:/ir/a?${encodeURIComponent(uri)}`,
  command: "flow.graph",
  arguments: [uri],
  data: { uri, offset: 0, node: "a", docKey: "x" },
};

describe("a fault in what all features stand on", () => {
  it.each(requests.map(({ method }) => method))(
    "leaves the server up after %s, which answers in its own form",
    async (method) => {
      const { client, logged } = await connected(
        {
          read: (path) => {
            if (path.endsWith("bad.flow")) throw new TypeError("broken on purpose");
            return undefined;
          },
          list: () => ["/project/bad.flow"],
        },
        { textDocument: { diagnostic: {} } },
      );
      await client.sendNotification("textDocument/didOpen", open('import "./bad.flow"\nsource a { stdin {} }\n'));
      await client.sendRequest(method, anyParams).catch((error: unknown) => {
        if (!(error instanceof ResponseError) || error.code === internalError) throw error;
      });
      expect(await client.sendRequest("textDocument/foldingRange", { textDocument })).toEqual([]);
      for (const message of logged) expect(message).toMatch(/ failed(: | for )/);
    },
  );
});

describe("parameters that are wrong", () => {
  const values = [undefined, null, 7, "x", [], {}, { line: "a" }, { uri: 7 }, [null], [{}], { start: {}, end: {} }];
  const members = Object.keys(anyParams) as (keyof typeof anyParams)[];

  it.each(requests.map(({ method }) => method))(
    "of %s are answered, with an error or with nothing, and nothing fails",
    async (method) => {
      const { client, logged } = await connected({}, { textDocument: { diagnostic: {} } });
      await client.sendNotification("textDocument/didOpen", open("source a { stdin {} }\n"));
      const codes = new Set<number>();
      const send = (params: unknown): Promise<void> =>
        client.sendRequest(method, params).then(
          () => {},
          (error: unknown) => void codes.add((error as ResponseError<unknown>).code),
        );
      await Promise.all(values.map(send));
      for (const member of members) await Promise.all(values.map((value) => send({ ...anyParams, [member]: value })));
      expect(codes).toContain(invalidParams);
      expect(codes).not.toContain(internalError);
      expect(logged).toEqual([]);
    },
  );
});

it("files that come later are asked for once, and the client is told to ask again", async () => {
  let arrived: (path: string) => void = () => {};
  let text: string | undefined;
  const asked: string[] = [];
  const files: Partial<Files> = {
    read: (path) => {
      asked.push(path);
      return path.endsWith("types.flow") ? text : undefined;
    },
    onArrival: (listener) => {
      arrived = listener;
    },
  };
  const { client } = await connected(files, {
    textDocument: { diagnostic: {} },
    workspace: { diagnostics: { refreshSupport: true } },
  });
  await client.sendNotification(
    "textDocument/didOpen",
    open('import "./types.flow"\n\nsource a: Order {\n  stdin {}\n}\n\nsink b from a {\n  stdout {}\n}\n'),
  );
  const before = await client.sendRequest<{ items: unknown[] }>("textDocument/diagnostic", at);
  expect(before.items).not.toEqual([]);
  const refreshed = new Promise<void>((resolve) =>
    client.onRequest("workspace/diagnostic/refresh", () => {
      resolve();
      return null;
    }),
  );
  text = "type Order { id: string }\n";
  arrived("/project/types.flow");
  await refreshed;
  expect(await client.sendRequest("textDocument/diagnostic", at)).toMatchObject({ items: [] });
  expect(asked.filter((path) => path.endsWith("other.flow"))).toEqual([]);
});
