/** Real Kafka clusters in folders of their own, by `kafka.sh`. Ended in any case: at the end, on Ctrl-C, and by a guard when this process is killed. */
import { execFile, spawn } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const script = join(import.meta.dirname, "kafka.sh");
const run = promisify(execFile);

export interface ClusterOptions {
  /** 1 by default. */
  readonly brokers?: number;
  /** Besides SASL_SSL, with SCRAM-SHA-256: user `test`, password `test`. */
  readonly secure?: boolean;
  /** So many listeners more, each of which tells its clients to come to an address of its own, where a proxy is to listen. One broker only. */
  readonly proxies?: number;
  /** Further server properties. */
  readonly properties?: readonly string[];
}

/** Where a proxy listens, and where it passes on to. */
export interface ProxyPorts {
  readonly listen: number;
  readonly broker: number;
}

export interface Cluster {
  readonly bootstrap: string;
  /** Of `secure`. */
  readonly secureBootstrap: string | undefined;
  readonly folder: string;
  readonly proxies: readonly ProxyPorts[];
  /** kill -9. Brokers count from 1. */
  kill(broker: number): Promise<void>;
  /** In order: the broker gives its partitions away and writes what it holds. */
  shutDown(broker: number): Promise<void>;
  /** Starts one that was killed or shut down; resolves when it serves clients. */
  up(broker: number): Promise<void>;
  /** Idempotent. Takes the folder away. */
  stop(): Promise<void>;
}

/** Why no broker can be started here; undefined where it can. Looks at files only, so it costs nothing. */
export function whyNoCluster(): string | undefined {
  if (!onPath(process.env.JAVA ?? "java")) return "Java 17 or newer is not installed";
  const cache = process.env.KAFKA_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "kafka-test");
  const version = /<version>(.*?)<\/version>/.exec(readFileSync(join(import.meta.dirname, "pom.xml"), "utf8"))?.[1];
  if (existsSync(join(cache, version ?? "", "lib")) || onPath("mvn")) return undefined;
  return `neither Maven nor Kafka's jars in ${cache} are there`;
}

function onPath(program: string): boolean {
  const places = program.includes("/") ? [""] : (process.env.PATH ?? "").split(delimiter);
  return places.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @throws with the end of the brokers' logs when they do not come up */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "kafka-"));
  guard(folder);
  const { proxies, bootstrap, properties } = await listeners(options);
  const args = ["start", "--brokers", String(options.brokers ?? 1)];
  if (options.secure) args.push("--secure");
  const configuration = `${folder}.properties`;
  if (properties.length > 0) {
    writeFileSync(configuration, `${properties.join("\n")}\n`);
    args.push("--config", configuration);
  }
  try {
    await kafka([...args, folder], 120_000);
  } catch (error) {
    await stop(folder);
    throw error;
  } finally {
    rmSync(configuration, { force: true });
  }
  const secure = join(folder, "bootstrap-secure");
  return {
    bootstrap: bootstrap ?? readFileSync(join(folder, "bootstrap"), "utf8").trim(),
    secureBootstrap: existsSync(secure) ? readFileSync(secure, "utf8").trim() : undefined,
    folder,
    proxies,
    kill: (broker) => kafka(["kill", folder, String(broker)], 10_000),
    shutDown: (broker) => kafka(["down", folder, String(broker)], 40_000),
    up: (broker) => kafka(["up", folder, String(broker)], 90_000),
    stop: () => stop(folder),
  };
}

async function stop(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  if (existsSync(join(folder, "bootstrap")) || readdirSync(folder).some((file) => file.endsWith(".pid")))
    await kafka(["stop", folder], 90_000).catch(() => {});
  rmSync(folder, { recursive: true, force: true });
}

/** Ends the brokers of a folder once this process is gone, however it went. Outlives it, so it is in a group of its own. */
function guard(folder: string): void {
  spawn(script, ["guard", folder, String(process.pid)], { detached: true, stdio: "ignore" }).unref();
}

async function kafka(args: readonly string[], timeoutMs: number): Promise<void> {
  await run(script, [...args], { timeout: timeoutMs, killSignal: "SIGKILL" });
}

interface Listeners {
  readonly proxies: readonly ProxyPorts[];
  readonly bootstrap: string | undefined;
  readonly properties: readonly string[];
}

/** A listener for each proxy has to be written out whole, and with it all others. */
async function listeners(options: ClusterOptions): Promise<Listeners> {
  const own = options.properties ?? [];
  const count = options.proxies ?? 0;
  if (count === 0) return { proxies: [], bootstrap: undefined, properties: own };
  if (options.secure || (options.brokers ?? 1) > 1)
    throw new Error("Proxies stand before one broker without security.");
  const [plain, controller, ...rest] = await freePorts(2 + 2 * count);
  const proxies = Array.from({ length: count }, (_, at) => ({ broker: rest[2 * at]!, listen: rest[2 * at + 1]! }));
  const address = (name: string, port: number) => `${name}://127.0.0.1:${port}`;
  const all = (port: (ports: ProxyPorts) => number) => [
    address("PLAINTEXT", plain!),
    ...proxies.map((ports, at) => address(`PROXY${at}`, port(ports))),
  ];
  const properties = [
    `listeners=${[...all((ports) => ports.broker), address("CONTROLLER", controller!)].join(",")}`,
    `advertised.listeners=${all((ports) => ports.listen).join(",")}`,
    `listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,${proxies.map((_, at) => `PROXY${at}:PLAINTEXT`).join(",")}`,
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    ...own,
  ];
  return { proxies, bootstrap: `127.0.0.1:${plain}`, properties };
}

/** All different; free just now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
