import { mainRoute, routeNamed } from '../../analysis/figures/run-routes.ts';
import type { RunRecord } from '../../results/schema/schema.ts';

/** Note on server CPU over the main path of a run; empty where the figures need none. */
export function cpuNotes(record: RunRecord): readonly string[] {
  const compression = routeNamed(record, mainRoute(record))?.compression;
  return compression && !compression.contextTakeover ? [compressedForEach] : [];
}

const compressedForEach =
  'Without context takeover polling and SSE compress an update once and send it to all, while ws compresses it for each ' +
  'WebSocket: a difference in server CPU is one of these implementations.';
