import { exitCodes } from './exit-codes.ts';

/**
 * A second signal within this time is the same key press: `npm start` forwards the SIGINT that the terminal has already
 * sent to every process in the foreground.
 */
const sameKeyPressMs = 400;
/** After a signal the command exits within two seconds, even if something hangs. */
const patienceMs = 1_800;

export type Interrupt = {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Gives the signals back to Node. */
  readonly dispose: () => void;
};

/**
 * Turns SIGINT and SIGTERM into an abort signal. A second signal ends the process at once; without one, it ends
 * `patienceMs` after the first. Children end by themselves when this process is gone. `onInterrupt` runs with the first
 * signal, `onForced` before a forced end.
 */
export function listenForInterrupt(onInterrupt: () => void, onForced: () => void): Interrupt {
  const controller = new AbortController();
  let firstMs: number | undefined;
  let deadline: NodeJS.Timeout | undefined;
  const force = () => {
    onForced();
    process.exit(exitCodes.interrupted);
  };
  const onSignal = () => {
    const nowMs = performance.now();
    if (firstMs !== undefined) {
      if (nowMs - firstMs > sameKeyPressMs) force();
      return;
    }
    firstMs = nowMs;
    deadline = setTimeout(force, patienceMs);
    deadline.unref();
    onInterrupt();
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    dispose: () => {
      clearTimeout(deadline);
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    },
  };
}
