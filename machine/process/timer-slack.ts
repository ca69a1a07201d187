/** The functions of `node:fs` that `tightenTimers` needs. */
type Files = Pick<typeof import('node:fs'), 'readFileSync' | 'readlinkSync' | 'writeFileSync'>;

/**
 * Lets the kernel wake the calling thread when it asked to be woken. By default it may be 50 µs later, so that several
 * timers share one wake-up (proc_pid_timerslack_ns(5)). Each thread has its own slack, and no thread needs a right to
 * change its own. The file exists only as /proc/<tid>/timerslack_ns, not below thread-self or task.
 *
 * Returns the slack in nanoseconds as the kernel now tells it; undefined where there is no such file.
 *
 * Threads get this function as text, so it must not use anything from its surroundings.
 */
export function tightenTimers({ readFileSync, readlinkSync, writeFileSync }: Files): number | undefined {
  try {
    const thread = readlinkSync('/proc/thread-self').split('/').at(-1);
    const path = `/proc/${thread}/timerslack_ns`;
    // 0 would restore the default.
    writeFileSync(path, '1');
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
