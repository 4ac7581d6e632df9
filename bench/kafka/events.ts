/** The input of the benchmark: events of 186 bytes, the same each time, and W1 on them as plain JavaScript does it. */

/** 1 in 20 lacks `env`, 1 in 100 has no service: W1 drops these. */
export function eventText(i: number): string {
  const env = i % 20 === 7 ? "" : `"env":"${i % 3 === 0 ? "PROD" : "Test"}",`;
  const service = i % 100 === 3 ? "" : `svc-${String(i % 50).padStart(2, "0")}`;
  const text = `{"id":"e${String(i).padStart(8, "0")}","source":"/s/${i % 2000}","time":"2026-03-01T10:00:00.000Z","data":{"service":"${service}",${env}"version":"${i % 3 === 1 ? "v" : ""}1.2.${i % 10}","user":{"team":"t${i % 11}"},"pad":""}}`;
  return text.replace('"pad":""', `"pad":"${"x".repeat(Math.max(0, 186 - text.length))}"`);
}

export const keyOf = (i: number): string => `k${i % 1000}`;

const orgs = new Map(Array.from({ length: 10 }, (_, i) => [`t${i}`, `o${i}`]));

interface Event {
  data: { service: string; env?: string; version: string; user: { team: string }; org?: string; processed?: boolean };
}

/** Undefined: dropped. */
export function w1(text: string): string | undefined {
  const event: Event = JSON.parse(text);
  const { data } = event;
  if (data.env === undefined || data.service === "") return undefined;
  if (!data.version.startsWith("v")) data.version = `v${data.version}`;
  data.env = data.env.toLowerCase();
  data.org = orgs.get(data.user.team) ?? "unknown";
  data.processed = true;
  return JSON.stringify(event);
}
