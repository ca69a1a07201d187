import type { Route } from './route.ts';

/** Caveats of figures measured over a route. `comesBack`: whether clients are cut off on purpose and reconnect. */
export function routeCaveats({ tls }: Route, comesBack: boolean): readonly string[] {
  return tls && !comesBack ? [firstHandshakes] : [];
}

const firstHandshakes =
  'Whether TLS sessions are resumed shows only where clients come back (--storm): what connecting costs here is whole ' +
  'handshakes either way.';
