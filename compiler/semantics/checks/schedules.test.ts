/** Schedules of `cron` sources. */
import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("says which field of a schedule is wrong", () => {
  expectMarked(`
source a { cron { schedule: "61 * * * *" } }
//                ^^^^^^^^^^^^^^^^^^^^^^ error FLOW5010: '61 * * * *' is no schedule: '61' is no minute (0–59).
source b { cron { schedule: "* * *" } }
//                ^^^^^^^^^^^^^^^^^ error FLOW5010: '* * *' is no schedule: it has 3 fields, not five, or six with seconds first.
source c { cron { schedule: "*/5 8-18 1,15 JAN-MAR mon-fri" } }
source d { cron { schedule: "@dayly" } }
//                ^^^^^^^^^^^^^^^^^^ error FLOW5010: '@dayly' is no schedule: there are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, or five fields.
sink out from a, b, c, d { stdout {} }
`);
});
