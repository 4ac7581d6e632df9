// Writes input/readings.ndjson: a hundred readings of three sensors, two of them far off, the same bytes every time.
import { writeFileSync } from "node:fs";

let state = 23;
const next = (below) => {
  state = (state * 48271) % 2147483647;
  return state % below;
};
const lines = [];
for (let n = 0; n < 100; n++) {
  for (const [index, sensor] of ["boiler", "cellar", "roof"].entries()) {
    const usual = [60, 12, 25][index] + (next(200) - 100) / 100;
    const isOff = (sensor === "cellar" && n === 61) || (sensor === "roof" && n === 77);
    lines.push(JSON.stringify({ sensor, celsius: isOff ? usual + 9 : usual }));
  }
}
writeFileSync(new URL("input/readings.ndjson", import.meta.url), `${lines.join("\n")}\n`);
