import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { readText } from './kernel-files.ts';

/** Settings that change how TCP carries the same bytes, or how much fits into a queue. */
const recorded = [
  'net.core.somaxconn',
  'net.core.rmem_max',
  'net.core.wmem_max',
  'net.core.netdev_max_backlog',
  'net.core.default_qdisc',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
  'net.ipv4.tcp_slow_start_after_idle',
  'net.ipv4.tcp_autocorking',
  'net.ipv4.tcp_notsent_lowat',
  'net.ipv4.tcp_timestamps',
  'net.ipv4.tcp_sack',
  'net.ipv4.tcp_fastopen',
  'net.ipv4.ip_local_port_range',
] as const;

/**
 * Values by sysctl name, with runs of white space collapsed to one space; settings that this kernel lacks are omitted.
 */
export function readSysctls(root = '/proc/sys'): Readonly<Record<string, string>> {
  return Object.fromEntries(
    recorded.flatMap((name) => {
      const text = readText(`${root}/${name.replaceAll('.', '/')}`);
      return text === undefined ? [] : [[name, text.replace(/\s+/g, ' ')]];
    }),
  );
}

/**
 * Whether the kernel accounts interrupt time separately (CONFIG_IRQ_TIME_ACCOUNTING); null where its configuration
 * cannot be read. Without it, a process is charged for the interrupts that hit it.
 */
export function readIrqTimeAccounting(): boolean | null {
  const config = kernelConfig();
  return config === undefined ? null : /^CONFIG_IRQ_TIME_ACCOUNTING=y$/m.test(config);
}

function kernelConfig(): string | undefined {
  try {
    return gunzipSync(readFileSync('/proc/config.gz')).toString('latin1');
  } catch {
    return readText(`/boot/config-${release()}`);
  }
}
