/** `io: fifo`: units through one named pipe, answers through another, JSON lines. New pipes for each start, so nothing old is left in them. */
import { join } from "node:path";
import { openExchange } from "./exchange.ts";
import { lineFraming } from "./lines.ts";
import { makePipes, type PipeEnd, readPipe, writePipe } from "./named-pipes.ts";
import { type PrivateFolder, privateFolder } from "./private-folder.ts";
import type { UserCode, UserCodePlan, UserCodeServices } from "./user-code.ts";

/** @throws RuntimeError "user-code-unavailable" */
export function openFifo(plan: UserCodePlan, services: UserCodeServices): Promise<UserCode> {
  let folder: PrivateFolder | undefined;
  let input: PipeEnd | undefined;
  let output: PipeEnd | undefined;
  return openExchange(plan, services, lineFraming, {
    channel: "none",
    isReadyAtOnce: true,
    begin: async (watchdog) => {
      folder = await privateFolder(watchdog);
      const paths = { FLOW_INPUT: join(folder.path, "input"), FLOW_OUTPUT: join(folder.path, "output") };
      await makePipes(Object.values(paths));
      input = writePipe(paths.FLOW_INPUT);
      output = readPipe(paths.FLOW_OUTPUT);
      return paths;
    },
    connect: () => ({ input: input!.stream, output: output!.stream, hangUp: () => output?.hangUp() }),
    end: async () => {
      for (const end of [input, output]) {
        end?.stream.destroy();
        end?.hangUp();
      }
      input = undefined;
      output = undefined;
      await folder?.remove();
      folder = undefined;
    },
  });
}
