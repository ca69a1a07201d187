import { attempt } from '../../text/attempt.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * A second signal within this time is the same key press: `npm start` forwards the SIGINT that the terminal has already
 * sent to every process in the foreground.
 */
const sameKeyPressMs = 400;
/** After a signal the command exits within two seconds, even if something hangs. */
const patienceMs = 1_800;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

export type Interrupt = {
  /** Aborted by the first of these signals. */
  readonly signal: AbortSignal;
  /** Gives the signals back to Node. */
  readonly dispose: () => void;
};

/**
 * Turns the signals of Ctrl-C, Ctrl-\\, `kill` and a closed terminal into an abort signal. A second one ends the process
 * at once; without it, that happens `patienceMs` after the first. Children end by themselves when this process is gone.
 * `onInterrupt` runs with the first signal, `onForced` before a forced end.
 */
export function listenForInterrupt(onInterrupt: () => void, onForced: () => void): Interrupt {
  const controller = new AbortController();
  let firstMs: number | undefined;
  let deadline: NodeJS.Timeout | undefined;
  const force = () => {
    // A full disk must not keep the command from ending.
    attempt(onForced);
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
    controller.abort();
    onInterrupt();
  };
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    dispose: () => {
      clearTimeout(deadline);
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
