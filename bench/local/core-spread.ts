import type { CrewSize } from '../fleet/crew-size.ts';
import type { Role } from '../fleet/fleet.ts';

/** The cores of each role, at least one each: process `i` of a role, from 0, runs on core `i % length`. */
export type CoreSpread = Readonly<Record<Role, readonly number[]>>;

/**
 * Which cores the processes of a trial run on. Undefined with fewer than two: then nothing is pinned. `cores`: the
 * allowed ones, ascending.
 *
 * 1. The serving side has the top: one core for each server, from the last core down, and the next one for the proxy,
 *    but at most half of all cores (rounded down). With fewer cores than that, servers and then the proxy take them in
 *    turn.
 * 2. Of the rest, the top one is for source and backplane together, if there is either, and one is left for load.
 * 3. The next one down is for the relays, if there are any, and again one is left for load. Several relays get a core
 *    each as long as more than half of the rest stays with load.
 * 4. Load has all others, from the bottom, and whoever got no core of his own in 2 and 3 shares these.
 *
 * For one server and a source; for three servers, proxy, backplane, source and two relays:
 *
 * | cores | server | source | load | servers    | proxy | source, backplane | relays | load |
 * |-------|--------|--------|------|------------|-------|-------------------|--------|------|
 * | 2     | 1      | 0      | 0    | 1          | 1     | 0                 | 0      | 0    |
 * | 3     | 2      | 1      | 0    | 2          | 2     | 1                 | 0      | 0    |
 * | 4     | 3      | 2      | 0–1  | 3, 2, 3    | 2     | 1                 | 0      | 0    |
 * | 8     | 7      | 6      | 0–5  | 7, 6, 5    | 4     | 3                 | 2      | 0–1  |
 * | 16    | 15     | 14     | 0–13 | 15, 14, 13 | 12    | 11                | 9, 10  | 0–8  |
 */
export function spreadOver(cores: readonly number[], size: CrewSize): CoreSpread | undefined {
  if (cores.length < 2) return undefined;
  const serving = cores.slice(-servingCores(cores.length, size)).reverse();
  const rest = cores.slice(0, cores.length - serving.length);
  const sourceCount = size.source + size.backplane > 0 && rest.length >= 2 ? 1 : 0;
  const relayCount = relayCores(size.relay, rest.length, sourceCount);
  const loadCount = rest.length - sourceCount - relayCount;
  const load = rest.slice(0, loadCount);
  const relay = relayCount === 0 ? load : rest.slice(loadCount, loadCount + relayCount);
  const source = sourceCount === 0 ? load : rest.slice(-1);
  return {
    server: serving.slice(0, Math.max(1, size.server)),
    proxy: [serving[size.server % serving.length]!],
    source,
    backplane: source,
    relay,
    load,
  };
}

function servingCores(cores: number, { server, proxy }: CrewSize): number {
  return Math.min(Math.max(1, server + proxy), Math.floor(cores / 2));
}

function relayCores(relays: number, rest: number, sourceCores: number): number {
  const left = rest - sourceCores;
  if (relays === 0 || left < 2) return 0;
  // Load keeps more than half of the rest, except that the first relay is worth a core even then.
  const besideLoad = Math.ceil(rest / 2) - 1 - sourceCores;
  return Math.max(1, Math.min(relays, besideLoad));
}
