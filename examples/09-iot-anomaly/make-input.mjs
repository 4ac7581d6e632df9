// Writes input/readings.ndjson: ten minutes of four sensors, two readings far off, the same bytes every time.
import { writeFileSync } from "node:fs";

let state = 17;
const next = (below) => {
  state = (state * 48271) % 2147483647;
  return state % below;
};
const start = Date.UTC(2026, 4, 4, 12, 0, 0);
const lines = [];
for (let second = 0; second < 600; second += 3) {
  for (const [index, sensor] of ["boiler", "cellar", "roof", "oven"].entries()) {
    const usual = [60, 12, 25, 180][index] + (next(200) - 100) / 100;
    const isOff = (sensor === "cellar" && second === 123) || (sensor === "oven" && second === 402);
    const celsius = isOff ? (sensor === "cellar" ? 48.5 : -3) : usual;
    lines.push(JSON.stringify({ sensor, celsius, at: new Date(start + second * 1000 + next(900)).toISOString() }));
  }
}
writeFileSync(new URL("input/readings.ndjson", import.meta.url), `${lines.join("\n")}\n`);
