import type { RouteRecord } from '../../../results/schema/schema.ts';

type Way = Omit<RouteRecord, 'name'>;

/**
 * Whether costs that were calibrated over one path hold for another: what a request and a delivery cost depends on what
 * they pass through, and not on how many nodes there are or what headers say. `undefined`: the direct path.
 */
export function isAlikeRoute(a: Way | undefined, b: Way | undefined): boolean {
  return (
    (a?.tls != null) === (b?.tls != null) &&
    (a?.http ?? 1) === (b?.http ?? 1) &&
    (a?.proxy != null) === (b?.proxy != null) &&
    (a?.compression != null) === (b?.compression != null)
  );
}

/** The options of the command line for what lies on a path; empty for the direct one. How many nodes there are is an answer. */
export function pathWords(way: Way | undefined): string {
  if (!way) return '';
  const { tls, http, proxy, headers, cookieBytes } = way;
  return [
    tls && http === 1 && '--tls',
    http === 2 && '--http 2',
    proxy && '--proxy nginx',
    headers === 'browser' && '--headers browser',
    cookieBytes > 0 && `--cookie-bytes ${cookieBytes}`,
  ]
    .filter((word) => typeof word === 'string')
    .join(' ');
}

/** The command that calibrates a path. What headers say is counted, not calibrated. */
export function calibrateCommand(way: Way | undefined): string {
  const words = pathWords(way && { ...way, headers: 'minimal', cookieBytes: 0 });
  return ['npx pvw calibrate', words].filter((part) => part !== '').join(' ');
}

/** What lies on a path, as the end of a sentence; `undefined` for the direct one. */
export function pathPhrase(way: Way | undefined): string | undefined {
  if (!way) return undefined;
  const { tls, proxy, headers, cookieBytes } = way;
  const words = [
    tls && 'over TLS',
    proxy && 'through NGINX',
    headers === 'browser' && 'with a browser’s headers',
    cookieBytes > 0 && `with a cookie of ${cookieBytes} bytes`,
  ].filter((word) => typeof word === 'string');
  return words.length > 0 ? words.join(' ') : undefined;
}
