import type { Question } from '../../analysis/model/prediction/question.ts';
import { headerLines } from '../../network/route/browser-headers.ts';
import { directRoute, type Route, usualBalancing } from '../../network/route/route.ts';
import { plainLoad } from '../../scenarios/catalogue/plain-load.ts';
import { changedScenario } from '../../scenarios/define-scenario.ts';
import { misfitOf } from '../../scenarios/file/rules.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { UsageError } from '../../text/usage-error.ts';
import { overridden } from '../options/field-options.ts';
import type { PredictionOptions } from '../options/prediction-options.ts';
import { arrivalsOf } from '../request/arrivals-requested.ts';
import { refusalOf } from '../request/misfit-options.ts';
import { type Asked, scenarioNamed } from '../request/scenario-arguments.ts';

/** What was asked, and the path that it is about. */
export type PathQuestion = { readonly question: Question; readonly route: Route };

/** The question that a command line asks. Throws `UsageError` for what the model does not cover, with what it would get wrong. */
export function questionRequested(asked: Asked | undefined, options: PredictionOptions): PathQuestion {
  const scenario = scenarioRequested(asked, options);
  const misfit = misfitOf(scenario);
  // Nothing is sent, so it does not matter what the bytes would be.
  const name = asked === undefined ? 'your load' : scenario.name;
  if (misfit !== undefined && misfit.rule !== 'payload-size') throw refusalOf(misfit, { ...scenario, name }, options);
  refuseUncovered(scenario, options);
  const route = routeRequested(options);
  return {
    route,
    question: {
      scenario,
      rttMs: options.rtt ?? usualRttMs,
      ...(options.staleness !== undefined && { toleranceMs: options.staleness }),
      ...(options.nodes !== undefined && { nodes: options.nodes }),
    },
  };
}

/** As the profiles measure. */
const usualRttMs = 40;

function scenarioRequested(asked: Asked | undefined, options: PredictionOptions): Scenario {
  if (asked === undefined) needsLoad(options);
  const base = typeof asked === 'object' ? asked.scenario : asked === undefined ? plainLoad : scenarioNamed(asked);
  const payloadBytes = options.payload ?? options.payloadBytes;
  if (options.staleness !== undefined && options.pollInterval !== undefined) {
    throw new UsageError('--poll-interval: --staleness decides how often short polling asks; give one of them');
  }
  if (options.payload !== undefined && options.payloadBytes !== undefined) {
    throw new UsageError('--payload: is the same as --payload-bytes; give one of them');
  }
  const given = { ...options, ...(payloadBytes !== undefined && { payloadBytes }) };
  const scenario = overridden(base, given, arrivalsOf(options));
  return options.semantics === undefined ? scenario : changedScenario(scenario, { semantics: options.semantics });
}

function needsLoad({ clients, rate, trace }: PredictionOptions): void {
  if (clients !== undefined && (rate !== undefined || trace !== undefined)) return;
  throw new UsageError('predict: give --clients and --rate, or a scenario: a name that pvw list shows, or a file');
}

/** What the model cannot say anything true about. */
function refuseUncovered(scenario: Scenario, { http, compression }: PredictionOptions): void {
  if (http === '2') {
    throw new UsageError(
      '--http: 2 is outside of the model, which counts the heads and packets of HTTP/1.1: bytes of polls would come out ' +
        'about twice as large as they are; measure it: pvw run --http 2',
    );
  }
  if (compression) {
    throw new UsageError(
      '--compression: is outside of the model, which does not know how well the payload compresses: bytes down would come ' +
        'out too large, and CPU and memory too small; measure it: pvw run --compression',
    );
  }
  if (scenario.broadcast) {
    throw new UsageError(
      `scenario: ${scenario.name} has broadcasts, which are outside of the model: it takes updates of different channels ` +
        'as independent, so latency would come out too short; measure it with pvw run',
    );
  }
}

function routeRequested({ tls, proxy, headers, cookieBytes, nodes }: PredictionOptions): Route {
  return {
    ...directRoute,
    tls: tls ? { resumption: true } : null,
    proxy: proxy ? { kind: proxy, balancing: usualBalancing, mistake: null } : null,
    nodes: nodes ?? directRoute.nodes,
    headers: headers ?? directRoute.headers,
    cookieBytes: cookieBytes ?? directRoute.cookieBytes,
  };
}

/** Bytes of `name: value` and its line end. */
const lineBytes = (name: string, value: string) => name.length + value.length + ': \r\n'.length;

/** What calibrations have with minimal headers too, or that depends on the request. */
const inMinimal = new Set(['host', 'connection', 'content-type', 'content-length', 'cookie']);

/** Bytes of a request beyond those with minimal headers and no cookie. */
export function extraBytes({
  headers,
  cookieBytes,
  tls,
}: Pick<Route, 'headers' | 'cookieBytes' | 'tls'>): NonNullable<Question['extraBytes']> {
  const cookie = cookieBytes > 0 ? lineBytes('cookie', '') + cookieBytes : 0;
  const browser = (kind: 'poll' | 'publish') =>
    headers === 'minimal'
      ? 0
      : headerLines(tls ? 'https' : 'http', kind)
          .filter(([name]) => !inMinimal.has(name.toLowerCase()))
          .reduce((sum, [name, value]) => sum + lineBytes(name, value), 0);
  return { poll: browser('poll') + cookie, publish: browser('publish') + cookie };
}
