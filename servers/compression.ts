import type { IncomingHttpHeaders } from 'node:http';
import type { PerMessageDeflateOptions } from 'ws';
import type { Route } from '../network/route/route.ts';
import { thresholdBytes } from './stream/deflated-part.ts';

export type Compression = Route['compression'];

/** Whether the client takes gzip (RFC 9110, 12.5.3). */
export function acceptsGzip({ headers }: { readonly headers: IncomingHttpHeaders }): boolean {
  return (headers['accept-encoding'] ?? '').split(',').some((coding) => {
    const [name, weight = ''] = coding.split(';').map((part) => part.trim().toLowerCase());
    return name === 'gzip' && !/^q=0(\.0*)?$/.test(weight);
  });
}

/**
 * What ws is told about permessage-deflate (RFC 7692): its own defaults, and whether both ends forget each message after
 * it. The server decides that for both: it may ask for it whatever the client offered (7.1.1). ws keeps to the threshold
 * only where messages do not refer to earlier ones; where they do, a short one is what gains most.
 */
export function socketDeflate(compression: Compression): false | PerMessageDeflateOptions {
  if (compression === null) return false;
  // To say `false` of them would refuse clients that ask for it.
  const forgetting = { serverNoContextTakeover: true, clientNoContextTakeover: true };
  return { threshold: thresholdBytes, ...(!compression.contextTakeover && forgetting) };
}
