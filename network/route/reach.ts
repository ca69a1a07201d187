import type { Scheduler } from '../../machine/process/scheduler.ts';
import { unlessAborted } from '../../machine/process/unless-aborted.ts';
import { reasonOf } from '../../text/reason.ts';
import type { ViaUrl } from './via.ts';
import { get } from './via-request.ts';

const againAfterMs = 250;
/** Enough for several rounds of a proxy's health checks, or for somebody to open a tunnel by hand. */
export const reachedWithinMs = 30_000;

/**
 * Repeats `attempt` until it finds nothing wrong or `withinMs` has passed; at least once. Resolves with the last fault,
 * or undefined.
 */
export async function untilRight(
  attempt: () => Promise<string | undefined>,
  withinMs: number,
  { nowUs, sleep }: Scheduler,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadlineUs = nowUs() + withinMs * 1000;
  for (;;) {
    const wrong = await unlessAborted(attempt(), signal);
    if (wrong === undefined || nowUs() > deadlineUs) return wrong;
    await sleep(againAfterMs, signal);
  }
}

/**
 * Resolves when a request to the user's URL has reached our server, as `requests` counts there. Rejects after 30 s with
 * what came back instead.
 */
export async function untilReached(
  via: ViaUrl,
  requests: () => Promise<number>,
  scheduler: Scheduler,
  signal: AbortSignal,
): Promise<void> {
  const attempt = async () => {
    const before = await requests();
    const { status, said } = await get(via, '/updates?channel=0', undefined, signal).then(
      (answer) => ({ status: answer.status, said: `answered ${answer.status}` }),
      (error) => ({ status: 0, said: reasonOf(error) }),
    );
    // A proxy's health check may raise the count while clients are still turned away, so the answer must succeed too.
    const ours = status === 200 || status === 204;
    return ours && (await requests()) > before ? undefined : said;
  };
  const wrong = await untilRight(attempt, reachedWithinMs, scheduler, signal);
  if (wrong !== undefined) throw new Error(`${via.url} does not lead to the server: ${wrong}`);
}
