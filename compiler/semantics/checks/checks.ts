/** All checks of the finished graph. Each finds one kind of mistake and knows nothing of the others. */

import type { Check } from "./checked-program.ts";
import { chunkEnds } from "./chunk-ends.ts";
import { codeEscapes } from "./code-escapes.ts";
import { codeExports } from "./code-exports.ts";
import { endlessWindows } from "./endless-windows.ts";
import { eventTime } from "./event-time.ts";
import { exactlyOnce } from "./exactly-once.ts";
import { inputs } from "./inputs.ts";
import { joins } from "./joins.ts";
import { kafkaTransaction } from "./kafka-transaction.ts";
import { kubernetesValues } from "./kubernetes-values.ts";
import { literalSecrets } from "./literal-secrets.ts";
import { names } from "./names.ts";
import { noPipeline } from "./no-pipeline.ts";
import { otherwise } from "./otherwise.ts";
import { pathPlaceholdersCheck } from "./path-placeholders.ts";
import { replicas } from "./replicas.ts";
import { schedules } from "./schedules.ts";
import { targets } from "./targets.ts";
import { unreadErrors } from "./unread-errors.ts";
import { unreadNodes } from "./unread-nodes.ts";
import { unused } from "./unused.ts";
import { waitingSenders } from "./waiting-senders.ts";
import { windowClauses } from "./window-clauses.ts";

export const checks: readonly Check[] = [
  noPipeline,
  names,
  inputs,
  otherwise,
  joins,
  eventTime,
  endlessWindows,
  windowClauses,
  chunkEnds,
  waitingSenders,
  pathPlaceholdersCheck,
  codeExports,
  codeEscapes,
  replicas,
  exactlyOnce,
  kafkaTransaction,
  targets,
  literalSecrets,
  kubernetesValues,
  schedules,
  unreadNodes,
  unreadErrors,
  unused,
];
