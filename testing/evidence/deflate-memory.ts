import { directRoute, type Route, routeName } from '../../network/route/route.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials, streamScenario } from './evidence.ts';

const clients = 1_000;
const repeats = 3;

/** Each client receives a message every second: the first compressed message allocates its deflate stream. */
const short = streamScenario({
  name: 'short-messages',
  clients,
  channels: 100,
  arrivals: { kind: 'poisson', perSecond: 1 },
});
/** Messages above 1,024 bytes. Without context, ws does not compress shorter ones. */
const long: Scenario = { ...short, name: 'long-messages', payload: { ...short.payload, bytes: 2_000 } };

const compressed: Route = { ...directRoute, compression: { contextTakeover: true } };
const forgetful: Route = { ...directRoute, compression: { contextTakeover: false } };

/** A deflate stream by zlib's formula, with the defaults of Node.js and ws: twice its window, and 2^(memLevel + 9). */
const zlibKiB = ((1 << (15 + 2)) + (1 << (8 + 9))) / 1024;
/** How much the memory of a process varies between trials, in KiB per client at this number of clients. */
const chanceKiB = 32;

/** Memory that permessage-deflate costs the server for each WebSocket. */
export const deflateMemoryEvidence: Evidence = {
  summary: `${clients.toLocaleString('en-US')} WebSockets with and without compression: memory of the server for each`,
  measure: async (say) => {
    const trials = await measureTrials(
      {
        transports: ['websocket'],
        rttMs: 0,
        routes: [directRoute, compressed, forgetful],
        scenarios: [short, long].map((scenario) => ({ scenario, repeats, durationMs: 5_000, warmupMs: 3_000 })),
        seed: 'deflate-memory',
      },
      say,
    );
    const more = (scenario: Scenario, route: Route) => compare(trials, scenario, route);
    return [
      finding('withContext', 'with context a deflate stream takes most of 256 KiB', more(short, compressed), isStream),
      finding(
        'belowThreshold',
        'without context nothing, where all messages are below 1,024 bytes',
        more(short, forgetful),
        (kiB) => Math.abs(kiB) <= chanceKiB,
      ),
      finding(
        'aboveThreshold',
        'without context as much, where they are above: ws forgets what was in the stream, and keeps it',
        more(long, forgetful),
        isStream,
      ),
      ledgerFinding(trials),
    ];
  },
};

function isStream(kiB: number): boolean {
  return kiB >= zlibKiB / 2 && kiB <= zlibKiB + chanceKiB;
}

/** Medians over the repeats, in KiB per client. */
type Compared = { readonly plainKiB: number; readonly compressedKiB: number };

function compare(trials: readonly CompletedTrial[], scenario: Scenario, route: Route): Compared {
  const perClientKiB = (wanted: string) =>
    median(
      trials
        .filter((trial) => trial.scenario === scenario.name && (trial.path.route?.name ?? 'direct') === wanted)
        .map(serverKiB),
    );
  return { plainKiB: perClientKiB('direct'), compressedKiB: perClientKiB(routeName(route)) };
}

/** Server memory per client, after the load: a client has no deflate stream before its first message. */
function serverKiB({ processes }: CompletedTrial): number {
  const server = processes.find(({ role }) => role === 'server')!;
  return (server.rssBytes - server.idleRssBytes) / clients / 1024;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function finding(
  name: string,
  claim: string,
  { plainKiB, compressedKiB }: Compared,
  holds: (kiB: number) => boolean,
): Finding {
  const kiB = compressedKiB - plainKiB;
  return {
    claim,
    found:
      `${clients.toLocaleString('en-US')} clients, median of ${repeats}: ${plainKiB.toFixed(1)} KiB each without ` +
      `compression, ${compressedKiB.toFixed(1)} KiB with it, ${kiB.toFixed(1)} KiB more`,
    holds: holds(kiB),
    figures: { [`${name}KiB`]: Math.round(kiB * 10) / 10, clients },
  };
}
