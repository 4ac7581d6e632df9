/**
 * Work that takes long: it gives way to other messages every few milliseconds, ends early when nobody wants its answer any
 * more, and shows how far it is when it takes longer than people like to wait.
 */
import {
  type CancellationToken,
  CancellationTokenSource,
  LSPErrorCodes,
  type ProgressToken,
  ResponseError,
} from "vscode-languageserver";
import type { Steps } from "../compiler/service/steps.ts";
import { pathOfUri } from "./paths.ts";
import type { Session } from "./session.ts";

export interface Work {
  /** Cancelled with the request, and by the button beside the progress. */
  readonly token: CancellationToken;
  report(done: number, of: number, message?: string): void;
  /**
   * To be awaited after each small part. Lets other messages be answered when the time is up.
   * @throws ResponseError "RequestCancelled" once the work is cancelled.
   */
  pause(): Promise<void>;
}

/** Other messages wait so long at most, and a little more where one part takes longer. */
const sliceMs = 8;
/** What takes longer shows itself, where the client gave no token for it. */
const quietMs = 500;
/** Messages answered between two slices. */
const mostMessages = 50;

/** @param workDoneToken the client's own, where the request had one; otherwise a progress is made when it takes long. */
export async function withProgress<T>(
  session: Session,
  token: CancellationToken,
  title: string,
  run: (work: Work) => Promise<T>,
  workDoneToken?: ProgressToken,
): Promise<T> {
  const source = new CancellationTokenSource();
  const forwarded = token.onCancellationRequested(() => source.cancel());
  if (token.isCancellationRequested) source.cancel();
  const bar = progressBar(session, title, workDoneToken, () => source.cancel());
  let sliceBegan = performance.now();
  try {
    return await run({
      token: source.token,
      report: bar.report,
      async pause() {
        if (performance.now() - sliceBegan >= sliceMs) {
          bar.show();
          await othersFirst(session);
          sliceBegan = performance.now();
        }
        if (source.token.isCancellationRequested)
          throw new ResponseError(LSPErrorCodes.RequestCancelled, "The request was cancelled.");
      },
    });
  } finally {
    bar.end();
    forwarded.dispose();
    source.dispose();
  }
}

/** Messages are taken one a turn: as long as there are some, it is their turn. */
async function othersFirst(session: Session): Promise<void> {
  for (let left = mostMessages, before = -1; left > 0 && before !== session.taken.count; left--) {
    before = session.taken.count;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

interface Bar {
  /** There is something to wait for. */
  show(): void;
  report(done: number, of: number, message?: string): void;
  end(): void;
}

function progressBar(
  { connection, client, log }: Session,
  title: string,
  given: ProgressToken | undefined,
  cancel: () => void,
): Bar {
  type Reporter = ReturnType<typeof connection.window.attachWorkDoneProgress>;
  const began = performance.now();
  let reporter: Reporter | undefined;
  let asked = false;
  let over = false;
  let last: { readonly percentage: number; readonly message: string } | undefined;
  const begin = (made: Reporter): void => {
    if (over) return;
    made.begin(title, last?.percentage ?? 0, last?.message, given === undefined);
    reporter = made;
  };
  const create = async (): Promise<void> => {
    const made = await connection.window.createWorkDoneProgress();
    made.token.onCancellationRequested(cancel);
    begin(made);
  };
  return {
    show() {
      if (asked) return;
      if (given !== undefined) {
        asked = true;
        begin(connection.window.attachWorkDoneProgress(given));
      } else if (client.window?.workDoneProgress === true && performance.now() - began >= quietMs) {
        asked = true;
        create().catch((error: unknown) => log(`The progress of '${title}' is not shown: ${String(error)}`));
      }
    },
    report(done, of, message = "") {
      const percentage = of <= 0 ? 0 : Math.min(100, Math.floor((100 * done) / of));
      if (last?.percentage === percentage && last.message === message) return;
      last = { percentage, message };
      if (message === "") reporter?.report(percentage);
      else reporter?.report(percentage, message);
    },
    end() {
      over = true;
      reporter?.done();
    },
  };
}

/** What a request that looks at many files says of itself. */
interface Asked {
  readonly workDoneToken?: ProgressToken;
  readonly textDocument?: { readonly uri: string };
}

const mostAttempts = 5;

/**
 * Steps of the service, in slices. When files elsewhere change meanwhile it begins anew; when the text that the request is about
 * does, the answer would be about another text, and the client is told so.
 */
export function inSlices<T>(
  session: Session,
  token: CancellationToken,
  title: string,
  asked: Asked,
  begin: () => Steps<T>,
): Promise<T> {
  const { workspace } = session;
  const path = asked.textDocument && pathOfUri(asked.textDocument.uri);
  const version = path === undefined ? undefined : workspace.version(path);
  const attempt = async (work: Work): Promise<{ readonly value: T } | undefined> => {
    const { revision } = workspace;
    const steps = begin();
    for (;;) {
      const next = steps.next();
      if (next.done === true) return { value: next.value };
      work.report(next.value.done, next.value.of);
      await work.pause();
      if (workspace.revision !== revision) return undefined;
    }
  };
  return withProgress(
    session,
    token,
    title,
    async (work) => {
      for (let left = mostAttempts; left > 0; left--) {
        const found = await attempt(work);
        if (found) return found.value;
        if (path !== undefined && workspace.version(path) !== version) break;
      }
      throw new ResponseError(LSPErrorCodes.ContentModified, "The text has changed since.");
    },
    asked.workDoneToken,
  );
}
