import { basename } from 'node:path';
import { findScenario } from '../scenarios/catalogue.ts';

/** Where the example tells editors to look for the schema, relative to itself. */
export const schemaFile = 'pvw-scenario.schema.json';

/** A scenario file with every field explained, named after the file. It loads as it is; a test holds that. */
export function exampleScenario(file: string): string {
  return `# yaml-language-server: $schema=./${schemaFile}
# A scenario for pvw. Your editor completes and checks the fields after: pvw list scenarios --schema > ${schemaFile}
# Run it with: pvw run ${basename(file)}       Options win over what stands here: pvw run ${basename(file)} --clients 200

name: ${nameFrom(file)}   # lower-case letters, digits, hyphens; names it in results
title: Order status   # heading in the report
summary: Forty people watch the status of their orders on eight screens.

# extends: chat-room   # start from a built-in scenario; then everything but the name may be left out

clients: 40       # in all
channels: 8       # streams they spread over: client i follows channel i modulo 8
origin: server    # who makes the updates: server, or client (they publish to their channel)

arrivals:         # when updates happen, in each channel
  kind: poisson   # at independent instants; perSecond is the mean
  perSecond: 0.5
# kind: constant: as a clock; perSecond
# kind: bursts: perSecond (bursts), size (updates in each), gap (between them, such as 50ms)
# kind: trace: file (recorded instants, one in ms per line; the path is relative to this file)

payload:
  kind: notice    # chat-text, player-positions, quotes, media-chunk, notice, presence, player-input or reaction
  bytes: 200

semantics: latest     # every: all updates arrive, in order; latest: a newer one replaces an older one
encoding: json        # json or binary
echo: false           # whether a publisher gets its own update

# inputs:             # what each client sends besides, and nobody receives
#   arrivals: {kind: constant, perSecond: 2}
#   payload: {kind: reaction, bytes: 60}

pollInterval: 1s      # short polling asks this often
# pollCohorts: [200ms, 1s, 5s]   # or: in equal parts at each of these; draws the cost of freshness
hold: 25s             # long polling holds a request this long at most
heartbeat: 25s        # silence after which WebSocket pings and SSE comments

# duration: 8s        # measured window of a trial; without these three the profile decides
# warmup: 5s
# repeats: 3          # from three on there are verdicts
`;
}

/** The file's name as far as a scenario may have it. */
function nameFrom(file: string): string {
  const slug = basename(file)
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return slug === '' || /^\d+$/.test(slug) || findScenario(slug) ? `my-${slug || 'scenario'}` : slug;
}
