import type { Scheduler } from '../../machine/process/scheduler.ts';
import { stillMoving } from './explain-failure.ts';

const readEveryMs = 50;

/**
 * Waits until counters have stood still for `stillMs`. Rejects after `withinMs`, because nothing can be counted exactly
 * on a network that does not fall silent.
 */
export async function untilStill(
  read: () => Promise<readonly number[]>,
  { stillMs, withinMs }: { readonly stillMs: number; readonly withinMs: number },
  { nowUs, sleep }: Scheduler,
  signal: AbortSignal,
): Promise<void> {
  const startedUs = nowUs();
  let last = await read();
  let stillSinceUs = nowUs();
  while (nowUs() - stillSinceUs < stillMs * 1000) {
    if (nowUs() - startedUs > withinMs * 1000) throw new Error(stillMoving(withinMs));
    await sleep(readEveryMs, signal);
    const now = await read();
    if (now.some((value, i) => value !== last[i])) stillSinceUs = nowUs();
    last = now;
  }
}
