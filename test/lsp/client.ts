/** A language client that speaks JSON-RPC over standard input and output, byte by byte, to the built `flow lsp --stdio`. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface Message {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface ClientOptions {
  readonly binary: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
}

export class Client {
  readonly process: ChildProcess;
  /** What the server sent unasked: notifications and requests, in order. */
  readonly received: Message[] = [];
  stderr = "";
  readonly #waiting = new Map<number | string, (message: Message) => void>();
  readonly #listeners: ((message: Message) => void)[] = [];
  readonly #answers = new Map<string, (params: unknown) => unknown>();
  #buffer = Buffer.alloc(0);
  #lastId = 0;

  constructor({ binary, args = ["lsp", "--stdio"], cwd }: ClientOptions) {
    this.process = spawn(process.execPath, [binary, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      ...(cwd ? { cwd } : {}),
    });
    this.process.stdout?.on("data", (bytes: Buffer) => this.#read(bytes));
    this.process.stderr?.on("data", (bytes: Buffer) => {
      this.stderr += bytes.toString();
    });
    this.process.stdin?.on("error", () => {});
  }

  /** The result; an error of the server rejects. */
  async request<T = unknown>(method: string, params?: unknown): Promise<T> {
    const { result, error } = await this.call(method, params);
    if (error) throw new Error(`${method}: ${error.code} ${error.message}`);
    return result as T;
  }

  /** The whole answer, error or not. */
  call(method: string, params?: unknown): Promise<Message> {
    return this.start(method, params).answer;
  }

  /** The answer, and the id to cancel it by. */
  start(method: string, params?: unknown): { readonly id: number; readonly answer: Promise<Message> } {
    const id = ++this.#lastId;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.send({ id, method, ...(params === undefined ? {} : { params }) });
    return { id, answer };
  }

  notify(method: string, params?: unknown): void {
    this.send({ method, ...(params === undefined ? {} : { params }) });
  }

  send(message: Message): void {
    this.raw(frame(message));
  }

  raw(bytes: string | Buffer): void {
    this.process.stdin?.write(bytes);
  }

  /** How requests of the server are answered; null when nobody says. */
  onRequest(method: string, answer: (params: unknown) => unknown): void {
    this.#answers.set(method, answer);
  }

  /** The next message of the server's own, from now on, with this method. */
  next(method: string, matches: (params: never) => boolean = () => true): Promise<Message> {
    return new Promise((resolve) => {
      const listener = (message: Message) => {
        if (message.method !== method || !matches(message.params as never)) return;
        this.#listeners.splice(this.#listeners.indexOf(listener), 1);
        resolve(message);
      };
      this.#listeners.push(listener);
    });
  }

  /** The exit code, when the process has ended. */
  async ended(): Promise<number | null> {
    if (this.process.exitCode !== null) return this.process.exitCode;
    const [code] = (await once(this.process, "exit")) as [number | null];
    return code;
  }

  async stop(): Promise<number | null> {
    await this.call("shutdown");
    this.notify("exit");
    return this.ended();
  }

  #read(bytes: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    for (;;) {
      const end = this.#buffer.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.toString("ascii", 0, end))?.[1]);
      if (this.#buffer.length < end + 4 + length) return;
      const body = this.#buffer.toString("utf8", end + 4, end + 4 + length);
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      this.#take(JSON.parse(body) as Message);
    }
  }

  #take(message: Message): void {
    const { id, method } = message;
    if (method === undefined) {
      this.#waiting.get(id ?? "")?.(message);
      this.#waiting.delete(id ?? "");
      return;
    }
    this.received.push(message);
    if (id !== undefined) this.send({ id, result: this.#answers.get(method)?.(message.params) ?? null });
    for (const listener of [...this.#listeners]) listener(message);
  }
}

export function frame(message: object): string {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
