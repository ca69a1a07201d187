import type { Scheduler } from '../../machine/process/scheduler.ts';
import { unlessAborted } from '../../machine/process/unless-aborted.ts';
import { reasonOf } from '../../text/reason.ts';
import type { ViaUrl } from './via.ts';
import { get } from './via-request.ts';

const againAfterMs = 250;
/** A proxy with health checks may need several rounds to find a new server; a tunnel is opened by hand. */
export const reachedWithinMs = 30_000;

/** Tries until an attempt finds nothing wrong, at least once. Resolves with what the last attempt found wrong, if anything. */
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
 * Resolves when something asked at the user's URL has reached a server of ours, which `requests` counts. Rejects after
 * 30 s with what came back instead.
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
    // A health check of the proxy reaches the server too, while clients are still turned away.
    const ours = status === 200 || status === 204;
    return ours && (await requests()) > before ? undefined : said;
  };
  const wrong = await untilRight(attempt, reachedWithinMs, scheduler, signal);
  if (wrong !== undefined) throw new Error(`${via.url} does not lead to the server: ${wrong}`);
}
