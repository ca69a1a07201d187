import { addressText, type Via } from '../../network/route/via.ts';
import { UsageError } from '../../text/usage-error.ts';
import { flagOf } from '../options/declaration.ts';
import type { RunRequest } from '../options/run-request.ts';

/** Options that describe a path of pvw's; the user's path has its own properties. They are refused in this order. */
const ofOurPath = [
  ...['rtt', 'jitter', 'bandwidth', 'loss', 'link'],
  ...['paths', 'tls', 'proxy', 'nodes', 'balance', 'mistake', 'storm'],
] as const satisfies readonly (keyof RunRequest)[];

/**
 * The user's own path, if the options ask for one. Throws `UsageError` if `--listen` or `--via` lacks the other, or if
 * other options describe a path too.
 */
export function viaRequested(request: RunRequest): Via | undefined {
  const { listen, via } = request;
  if (!via && !listen) return undefined;
  if (!via) {
    throw new UsageError(`--listen: ${listen!.map(addressText).join()} needs --via, the URL that leads there`);
  }
  if (!listen) throw new UsageError(`--via: ${via.url} needs --listen, the port that it leads to`);
  // `--rtt 0` adds nothing, so it contradicts nothing.
  const other = ofOurPath.find((name) => request[name] !== undefined && request[name] !== 0);
  if (other !== undefined) {
    throw new UsageError(`${flagOf(other)}: cannot be used together with --via, whose path has its own`);
  }
  if (request.network === 'isolated') {
    throw new UsageError(`--network: isolated cannot reach ${via.url}, which is outside; leave it out`);
  }
  return { ...via, listen };
}
