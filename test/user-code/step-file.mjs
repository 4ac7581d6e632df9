// Adds the temperature in Fahrenheit. io: file.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

const { FLOW_IN, FLOW_OUT } = process.env;
setInterval(() => {
  for (const name of readdirSync(FLOW_IN).sort()) {
    const lines = readFileSync(`${FLOW_IN}/${name}`, "utf8").trim().split("\n");
    const messages = lines.map((line) => JSON.parse(line));
    const events = messages.flatMap((each) => each.event ?? ("specversion" in each ? each : []));
    for (const { data } of events) data.fahrenheit = (data.celsius * 9) / 5 + 32;
    const isBad = events.some(({ data }) => typeof data.celsius !== "number");
    const answers = isBad ? [{ type: "Reject", reason: "no celsius" }] : events;
    writeFileSync(`${FLOW_OUT}/.${name}`, answers.map((each) => JSON.stringify(each)).join("\n"));
    rmSync(`${FLOW_IN}/${name}`);
    renameSync(`${FLOW_OUT}/.${name}`, `${FLOW_OUT}/${name}`);
  }
}, 20);
