import type { Prediction, Question } from '../../analysis/model/prediction/predict.ts';
import type { Route } from '../../network/route/route.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { minimumBytes } from '../../scenarios/payload/payloads.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
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
  return { ...scenario, clients: Math.max(channels, Math.round(scenario.clients * factor)), channels };
}

/** Commands that measure at such a size what was predicted. */
export function checkCommands(question: Question, route: Route, predictions: readonly Prediction[]): readonly string[] {
  const { scenario, rttMs } = question;
  const polling = predictions.find(({ pollIntervalMs }) => pollIntervalMs !== undefined);
  const { clients, channels } = checkedScenario(scenario);
  const base = baseOf(scenario);
  // The bytes of a trial look like something, which takes some.
  const payloadBytes = Math.max(scenario.payload.bytes, minimumBytes[findScenario(base)!.payload.kind]);
  const words = [
    'pvw run',
    base,
    `--clients ${clients} --channels ${channels}`,
    ...rateWords(scenario),
    `--payload-bytes ${payloadBytes}`,
    ...(polling ? [`--poll-interval ${formatDuration(polling.pollIntervalMs!)}`] : []),
    `--rtt ${formatDuration(rttMs)}`,
    ...routeWords(route),
  ];
  return [words.join(' ')];
}

/** A scenario that comes with pvw and differs in nothing but what options set. */
function baseOf({ name, semantics }: Scenario): string {
  if (findScenario(name)?.semantics === semantics) return name;
  return semantics === 'every' ? 'notifications' : 'ticker';
}

function rateWords({ arrivals }: Scenario): readonly string[] {
  if (arrivals.kind === 'trace') return [];
  return [`--rate ${arrivals.perSecond * (arrivals.kind === 'bursts' ? arrivals.size : 1)}`];
}

function routeWords({ tls, proxy, headers, cookieBytes }: Route): readonly string[] {
  return [
    tls && '--tls',
    proxy && '--proxy nginx --nodes 1',
    headers === 'browser' && '--headers browser',
    cookieBytes > 0 && `--cookie-bytes ${cookieBytes}`,
  ].filter((word) => typeof word === 'string');
}
