import type { Route } from './route.ts';

/** What reads and writes the clients' connections: our own parsers, or undici and ws. */
export const clientImplementations = ['lean', 'library'] as const;

export type ClientImplementation = (typeof clientImplementations)[number];

/**
 * What clients on a route are made of. HTTP/2 and compression are left to undici and ws; the browser's headers offer
 * compression, which a proxy may take up.
 */
export function implementationOn(
  { http, compression, headers }: Pick<Route, 'http' | 'compression' | 'headers'>,
  wanted: ClientImplementation,
): ClientImplementation {
  return http === 2 || compression !== null || headers === 'browser' ? 'library' : wanted;
}
