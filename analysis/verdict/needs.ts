import type { Transport } from '../../protocol/transport.ts';
import type { RouteRecord } from '../../results/schema/schema.ts';
import { publishesAtAll, ratePerSecond, type Scenario } from '../../scenarios/scenario.ts';
import type { Judgement } from './grades.ts';

/** A judgement from how a transport works, independent of measurements. */
export type Reasoned = readonly [judgement: Judgement, reason: string];

/**
 * How trials answer a need: whether updates are in time, how much of a core is used, how far bytes are above the least,
 * or how a trial ended behind NGINX, with this mistake in its configuration or with none.
 */
export type Test =
  | { readonly kind: 'in-time'; readonly toleranceMs: number }
  | { readonly kind: 'least'; readonly direction: 'both' | 'up' }
  | { readonly kind: 'core' }
  | { readonly kind: 'proxy'; readonly mistake: NonNullable<RouteRecord['proxy']>['mistake'] };

/** One row of the decision table. */
export type Need = {
  readonly topic: string;
  readonly need: string;
  readonly reasoned: Readonly<Record<Transport, Reasoned>>;
  /** Which scenarios show it; absent: no trial can. */
  readonly shownBy?: (scenario: Scenario, transport: Transport) => boolean;
  readonly test?: Test;
  /** Words after `pvw run` that would measure it. */
  readonly measure?: readonly string[];
};

function row(
  topic: string,
  need: string,
  shortPolling: Reasoned,
  longPolling: Reasoned,
  sse: Reasoned,
  websocket: Reasoned,
): Pick<Need, 'topic' | 'need' | 'reasoned'> {
  return { topic, need, reasoned: { 'short-polling': shortPolling, 'long-polling': longPolling, sse, websocket } };
}

const bytes: Test = { kind: 'least', direction: 'both' };
const up: Test = { kind: 'least', direction: 'up' };
const core: Test = { kind: 'core' };

const rates = 'Updates in a channel';

const byRate: readonly Need[] = [
  {
    ...row(
      rates,
      'rare: less than one a minute',
      ['good', 'Asked as seldom as people can wait, it costs next to nothing, and no connection is kept.'],
      ['good', 'A request for each update and for each hold that ends with nothing: next to nothing.'],
      ['good', 'A heartbeat now and then keeps the connection open: next to nothing.'],
      ['good', 'A ping now and then keeps the connection open: next to nothing.'],
    ),
    shownBy: ({ arrivals }) => ratePerSecond(arrivals) < 1 / 60,
    test: bytes,
    measure: ['notifications'],
  },
  {
    ...row(
      rates,
      'some a minute',
      ['works', 'Most answers are empty once it asks more often than things happen.'],
      ['good', 'A request for each update, and hardly any in vain.'],
      ['good', 'Some twenty bytes around each update.'],
      ['good', 'A few bytes around each update.'],
    ),
    shownBy: ({ arrivals }) => between(ratePerSecond(arrivals), 1 / 60, 0.5),
    test: bytes,
    measure: ['chat-room', '--rate', '0.1'],
  },
  {
    ...row(
      rates,
      'about one or several a second',
      ['works', 'Several updates share an answer, and each waits for the next question.'],
      ['poor', 'A request for nearly each update, and headers both ways with it.'],
      ['good', 'Some twenty bytes around each update.'],
      ['good', 'A few bytes around each update.'],
    ),
    shownBy: ({ arrivals }) => between(ratePerSecond(arrivals), 0.5, 10),
    test: bytes,
    measure: ['chat-room'],
  },
  {
    ...row(
      rates,
      'tens a second',
      ['works', 'What comes between two polls waits, or is replaced where only the newest counts.'],
      ['poor', 'Asks again after each answer: polling at the pace of the round trip.'],
      ['good', 'As they come; text only, so binary grows by a third as base64.'],
      ['good', 'As they come, text or binary.'],
    ),
    shownBy: ({ arrivals }) => ratePerSecond(arrivals) >= 10,
    test: bytes,
    measure: ['ticker'],
  },
];

/**
 * Staleness of polling depends on the chosen interval, so polls at longer intervals show nothing about a shorter
 * tolerance.
 */
function inTime(toleranceMs: number): Pick<Need, 'shownBy' | 'test'> {
  return {
    shownBy: ({ pollIntervalMs }, transport) => transport !== 'short-polling' || pollIntervalMs <= toleranceMs,
    test: { kind: 'in-time', toleranceMs },
  };
}

const tolerated = 'Staleness that is tolerated';

const byTolerance: readonly Need[] = [
  {
    ...row(
      tolerated,
      'up to 10 s',
      ['good', 'Asks every few seconds, by plain requests that everything in between understands.'],
      ['works', 'Sooner than needed, for a request held open by each client.'],
      ['works', 'Sooner than needed, for a connection held open by each client.'],
      ['works', 'Sooner than needed, for a connection held open by each client.'],
    ),
    ...inTime(10_000),
  },
  {
    ...row(
      tolerated,
      'up to 1 s',
      ['works', 'Has to ask every second: worth it where something happens nearly as often.'],
      ['good', 'The held question is answered at once.'],
      ['good', 'Sent at once.'],
      ['good', 'Sent at once.'],
    ),
    ...inTime(1_000),
  },
  {
    ...row(
      tolerated,
      'up to 100 ms',
      ['poor', 'Would have to ask ten times a second.'],
      ['works', 'At once, unless it happens within the round trip between two questions.'],
      ['good', 'Sent at once.'],
      ['good', 'Sent at once.'],
    ),
    ...inTime(100),
  },
];

const twoWay = 'Clients speak too';

const byDirection: readonly Need[] = [
  {
    ...row(
      twoWay,
      'no',
      ['works', 'Asks only to listen.'],
      ['works', 'Asks only to listen.'],
      ['good', 'Made for one way; browsers reconnect by themselves after a cut.'],
      ['good', 'Its way up is not used.'],
    ),
    shownBy: (scenario) => !publishesAtAll(scenario),
    test: bytes,
    measure: ['ticker'],
  },
  {
    ...row(
      twoWay,
      'now and then',
      ['good', 'What they say is one request more.'],
      ['works', 'Needs a second connection over HTTP/1.1, or what they say waits behind the held request.'],
      ['good', 'What they say is an ordinary request beside the stream.'],
      ['good', 'On the same connection.'],
    ),
    shownBy: (scenario) => between(spokenPerSecond(scenario), Number.MIN_VALUE, 1),
    test: bytes,
    measure: ['chat-room'],
  },
  {
    ...row(
      twoWay,
      'constantly: more than once a second each',
      ['poor', 'Each message up is a request with headers and an answer.'],
      ['poor', 'Each message up is a request with headers and an answer.'],
      ['poor', 'Cheap downwards; each message up is a request with headers and an answer.'],
      ['good', '6 to 14 bytes around each message up, and no answer needed.'],
    ),
    shownBy: (scenario) => spokenPerSecond(scenario) >= 1,
    test: up,
    measure: ['online-game'],
  },
];

const size = 'Clients of one server';

const bySize: readonly Need[] = [
  {
    ...row(
      size,
      'up to hundreds',
      ['good', 'A server answers thousands of empty polls a second.'],
      ['good', 'Held requests cost next to nothing while they wait.'],
      ['good', 'A write for each update and client.'],
      ['good', 'A write for each update and client.'],
    ),
    shownBy: ({ clients }) => clients < 1_000,
    test: core,
    measure: ['chat-room'],
  },
  {
    ...row(
      size,
      'thousands',
      ['works', 'Its load is clients × polls, whether anything happens or not.'],
      ['works', 'Each update is a request of every client that it reaches.'],
      ['good', 'Idle connections cost memory, hardly CPU.'],
      ['good', 'Idle connections cost memory, hardly CPU.'],
    ),
    shownBy: ({ clients }) => between(clients, 1_000, 10_000),
    test: core,
    measure: ['chat-room', '--clients', '1000', '--channels', '100'],
  },
  {
    ...row(
      size,
      'tens of thousands',
      ['works', 'Nothing is remembered between two polls, so any number of servers and caches can share them.'],
      ['poor', 'One update makes everyone ask again at the same instant.'],
      ['good', 'Connections have to be spread, and all come back after a restart.'],
      ['good', 'Connections have to be spread, and all come back after a restart.'],
    ),
    shownBy: ({ clients }) => clients >= 10_000,
    test: core,
    measure: ['notifications', '--clients', '10000', '--channels', '10000'],
  },
];

const inBetween = 'What lies between';

const byProxy: readonly Need[] = [
  {
    ...row(
      inBetween,
      'a proxy that is set up for it',
      ['good', 'Plain requests pass everywhere.'],
      ['good', 'A plain request that takes as long as the hold.'],
      ['good', 'A plain answer that does not end and is not buffered.'],
      ['good', 'Two headers hand the upgrade on; after it the proxy only passes bytes.'],
    ),
    test: { kind: 'proxy', mistake: null },
  },
  {
    ...row(
      inBetween,
      'a proxy that buffers answers',
      ['good', 'Answers are short and end, so they are passed on.'],
      ['good', 'The answer ends, so it is passed on.'],
      ['poor', 'Events stay in the buffer until it is full, unless the proxy is told not to.'],
      ['good', 'After the upgrade nothing is an answer any more, so nothing is buffered.'],
    ),
    test: { kind: 'proxy', mistake: 'buffered-sse' },
  },
  {
    ...row(
      inBetween,
      'a proxy that does not upgrade',
      ['good', 'Plain requests pass everywhere.'],
      ['good', 'Plain requests pass everywhere, if they may take as long as the hold.'],
      ['good', 'A plain answer that does not end.'],
      ['poor', 'Cannot connect; over TLS most such proxies see only a tunnel and let it through.'],
    ),
    test: { kind: 'proxy', mistake: 'no-upgrade-headers' },
  },
  {
    ...row(
      inBetween,
      'a proxy that cuts what is silent',
      ['good', 'No poll lasts; a connection that was cut is opened again.'],
      ['works', 'The hold has to be shorter than its patience.'],
      ['works', 'The heartbeat has to be shorter than its patience.'],
      ['works', 'The ping has to come sooner than its patience ends.'],
    ),
    test: { kind: 'proxy', mistake: 'short-read-timeout' },
  },
];

/** The needs that decide between the transports, in the order in which they are asked. */
export const needs: readonly Need[] = [...byRate, ...byTolerance, ...byDirection, ...bySize, ...byProxy];

function between(value: number, from: number, below: number): boolean {
  return value >= from && value < below;
}

/** Messages of one client per second, mean. */
function spokenPerSecond({ origin, arrivals, channels, clients, inputs }: Scenario): number {
  const published = origin === 'client' ? (ratePerSecond(arrivals) * channels) / clients : 0;
  return published + (inputs ? ratePerSecond(inputs.arrivals) : 0);
}
