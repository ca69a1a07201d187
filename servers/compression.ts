import type { IncomingHttpHeaders } from 'node:http';
import type { PerMessageDeflateOptions } from 'ws';
import type { Route } from '../network/route/route.ts';
import { thresholdBytes } from './stream/deflated-part.ts';

export type Compression = Route['compression'];

/** Whether the client accepts gzip (RFC 9110, 12.5.3). */
export function acceptsGzip({ headers }: { readonly headers: IncomingHttpHeaders }): boolean {
  return (headers['accept-encoding'] ?? '').split(',').some((coding) => {
    const [name, weight = ''] = coding.split(';').map((part) => part.trim().toLowerCase());
    return name === 'gzip' && !/^q=0(\.0*)?$/.test(weight);
  });
}

/**
 * permessage-deflate options for ws (RFC 7692): its defaults, and whether both ends reset their context after each
 * message. The server may demand that whatever the client offered (7.1.1). ws applies the threshold only without
 * context takeover; with it, short messages gain most.
 */
export function socketDeflate(compression: Compression): false | PerMessageDeflateOptions {
  if (compression === null) return false;
  // Setting these to `false` would refuse clients that ask for them.
  const forgetting = { serverNoContextTakeover: true, clientNoContextTakeover: true };
  return { threshold: thresholdBytes, ...(!compression.contextTakeover && forgetting) };
}
