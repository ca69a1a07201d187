import type { Prediction } from '../../analysis/model/prediction/predict.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
import type { Route } from '../../network/route/route.ts';
import type { PredictionCheck } from '../../report/prediction/text.ts';
import { counted } from '../../report/sentences/load-text.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { notifications } from '../../scenarios/catalogue/notifications.ts';
import { ticker } from '../../scenarios/catalogue/ticker.ts';
import { minimumBytes } from '../../scenarios/payload/payloads.ts';
import { type PayloadKind, ratePerSecond, type Scenario } from '../../scenarios/scenario.ts';
import { leastWindowMs } from '../../scenarios/window-arrivals.ts';
import { formatDuration } from '../../text/duration.ts';

/** Any machine carries so many clients, and any fan-out can be told with so many readers. */
const mostClients = 500;

/**
 * The load at a size that any machine carries: fewer clients, and as many fewer channels as leaves each as it is, or
 * one.
 */
export function checkedScenario(scenario: Scenario): Scenario {
  const factor = Math.min(1, mostClients / scenario.clients);
  const channels = Math.max(1, Math.round(scenario.channels * factor));
  const { payload } = scenario;
  return {
    ...scenario,
    clients: Math.max(channels, Math.round(scenario.clients * factor)),
    channels,
    payload: { ...payload, bytes: bytesWithRoom(payload.kind, payload.bytes) },
  };
}

/** The bytes of a trial look like something, which takes some. */
function bytesWithRoom(kind: PayloadKind, bytes: number): number {
  return Math.max(bytes, minimumBytes[kind]);
}

/** A window has about so many updates in all, if that takes no longer than the longest. */
const wantedUpdates = 40;
const [shortestMs, longestMs] = [4_500, 30_000];
const stepMs = 500;

/** How long a window is to be: never so short that it would have no update. */
export function checkDurationMs({ arrivals, channels }: Scenario): number {
  const perMs = (ratePerSecond(arrivals) * channels) / 1000;
  const wantedMs = Math.min(longestMs, Math.max(shortestMs, wantedUpdates / perMs));
  return Math.ceil(Math.max(wantedMs, 2 * leastWindowMs(arrivals, channels)) / stepMs) * stepMs;
}

/** Costs are those of warm servers, so what is compared with them is warm, too. */
export const checkWarmupMs = 12_000;

/** Files as they were typed: of the scenario, and of its arrivals. */
export type TypedFiles = { readonly scenario?: string | undefined; readonly trace?: string | undefined };

/** Commands that measure at such a size what was predicted: nodes and limits follow from cores. */
export function checkCommands(
  question: Question,
  route: Route,
  predictions: readonly Prediction[],
  files: TypedFiles = {},
): readonly PredictionCheck[] {
  const { scenario, rttMs } = question;
  const polling = predictions.find(({ pollIntervalMs }) => pollIntervalMs !== undefined);
  const checked = checkedScenario(scenario);
  const base = baseOf(scenario);
  const { kind } = files.scenario === undefined ? base.payload : scenario.payload;
  const words = [
    'npx pvw run',
    files.scenario ?? base.name,
    `--clients ${checked.clients} --channels ${checked.channels}`,
    ...rateWords(scenario, files),
    `--payload-bytes ${bytesWithRoom(kind, scenario.payload.bytes)}`,
    ...(polling ? [`--poll-interval ${formatDuration(polling.pollIntervalMs!)}`] : []),
    ...(scenario.holdMs === base.holdMs ? [] : [`--hold ${formatDuration(scenario.holdMs)}`]),
    ...(scenario.heartbeatMs === base.heartbeatMs ? [] : [`--heartbeat ${formatDuration(scenario.heartbeatMs)}`]),
    `--rtt ${formatDuration(rttMs)}`,
  ];
  const window = `--warmup ${formatDuration(checkWarmupMs)} --duration ${formatDuration(checkDurationMs(checked))}`;
  const command = (proxy: string | null) => [...words, ...routeWords(route, proxy), window].join(' ');
  return [
    {
      of: `latency, requests, bytes, cores and memory, of ${counted(checked.clients, 'client')}`,
      command: command(route.proxy && '--proxy nginx --nodes 1'),
      ...(readersOf(checked) < readersOf(scenario) && {
        leavesOut: 'how long sends to more readers of a channel take',
      }),
    },
    { of: 'how soon clients are back', command: command(stormWords) },
  ];
}

function readersOf({ clients, channels }: Scenario): number {
  return clients / channels;
}

/** NGINX in front of two nodes, so that the clients of one can come back to the other. */
const stormWords = '--proxy nginx --nodes 2 --storm node-killed';

/** A scenario that comes with pvw and differs in nothing but what options set. */
function baseOf({ name, semantics }: Scenario): Scenario {
  const named = findScenario(name);
  if (named?.semantics === semantics) return named;
  return semantics === 'every' ? notifications : ticker;
}

function rateWords({ arrivals }: Scenario, files: TypedFiles): readonly string[] {
  if (files.trace !== undefined) return [`--trace ${files.trace}`];
  return arrivals.kind === 'trace' ? [] : [`--rate ${Number(ratePerSecond(arrivals).toPrecision(6))}`];
}

function routeWords({ tls, headers, cookieBytes }: Route, proxy: string | null): readonly string[] {
  return [
    tls && '--tls',
    proxy,
    headers === 'browser' && '--headers browser',
    cookieBytes > 0 && `--cookie-bytes ${cookieBytes}`,
  ].filter((word) => typeof word === 'string');
}
