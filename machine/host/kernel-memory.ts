import { readFileSync } from 'node:fs';

const pageBytes = 4096;

/**
 * Bytes in the queues of all TCP sockets of the machine: `mem` in /proc/net/sockstat, one account for all network
 * namespaces. null where procfs lacks it.
 */
export function kernelSocketBytes(): number | null {
  const pages = numberIn('/proc/net/sockstat', /^TCP: .*\bmem (\d+)/m);
  return pages === null ? null : pages * pageBytes;
}

/**
 * Bytes of the kernel's own objects of the whole machine: `Slab` in /proc/meminfo (proc_meminfo(5)). A connection has
 * several, at both ends: sockets, their inodes, files, entries of epoll. null where procfs lacks it.
 */
export function kernelSlabBytes(): number | null {
  const kibibytes = numberIn('/proc/meminfo', /^Slab:\s+(\d+) kB$/m);
  return kibibytes === null ? null : kibibytes * 1024;
}

function numberIn(path: string, pattern: RegExp): number | null {
  try {
    const found = pattern.exec(readFileSync(path, 'utf8'))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}
