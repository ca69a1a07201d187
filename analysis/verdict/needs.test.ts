import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transports } from '../../protocol/transport.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { plainScenario } from '../../testing/by-hand/plain-trial.ts';
import { type Need, needs } from './needs.ts';

const constant = (perSecond: number) => ({ kind: 'constant', perSecond }) as const;
const { inputs: _, pollCohortsMs: __, broadcast: ___, ...withoutInputs } = plainScenario;
const plain: Scenario = { ...withoutInputs, arrivals: constant(1), payload: { kind: 'chat-text', bytes: 100 } };

function needNamed(name: string): Need {
  return needs.find(({ need }) => need === name)!;
}

function shows(name: string, altered: Partial<Scenario>, transport: (typeof transports)[number] = 'sse'): boolean {
  return needNamed(name).shownBy!({ ...plain, ...altered }, transport);
}

/** The needs of one topic that a scenario shows. */
function shownOf(topic: string, altered: Partial<Scenario>): readonly string[] {
  return needs.filter((need) => need.topic === topic && shows(need.need, altered)).map(({ need }) => need);
}

test('the needs, in the order in which they are asked', () => {
  const topics = [...new Set(needs.map(({ topic }) => topic))];
  assert.deepEqual(
    topics.map((topic) => [topic, needs.filter((need) => need.topic === topic).length]),
    [
      ['Updates in a channel', 4],
      ['Staleness that is tolerated', 3],
      ['Clients speak too', 3],
      ['Clients of one server', 3],
      ['What lies between', 4],
    ],
  );
  assert.equal(new Set(needs.map(({ need }) => need)).size, needs.length);
});

test('each rate of updates falls into one row', () => {
  const rate = (perSecond: number) => shownOf('Updates in a channel', { arrivals: constant(perSecond) }).join();
  assert.equal(rate(1 / 61), 'rare: less than one a minute');
  assert.equal(rate(1 / 60), 'some a minute');
  assert.equal(rate(0.49), 'some a minute');
  assert.equal(rate(0.5), 'about one or several a second');
  assert.equal(rate(9.9), 'about one or several a second');
  assert.equal(rate(10), 'tens a second');
});

test('polls at long intervals show nothing about shorter tolerances; other transports always do', () => {
  for (const [need, toleranceMs] of [
    ['up to 10 s', 10_000],
    ['up to 1 s', 1_000],
    ['up to 100 ms', 100],
  ] as const) {
    const polled = (pollIntervalMs: number) => shows(need, { pollIntervalMs }, 'short-polling');
    assert.deepEqual([polled(toleranceMs), polled(toleranceMs + 1)], [true, false]);
    assert.ok(shows(need, { pollIntervalMs: toleranceMs + 1 }, 'long-polling'));
    assert.deepEqual(needNamed(need).test, { kind: 'in-time', toleranceMs });
  }
});

test('messages of clients are counted per client: published updates and inputs', () => {
  const said = (altered: Partial<Scenario>) => shownOf('Clients speak too', altered).join();
  // Two channels over ten clients: a fifth of the rate of a channel.
  const published = (perSecond: number) => said({ origin: 'client', arrivals: constant(perSecond) });
  assert.equal(said({}), 'no');
  assert.equal(published(4.9), 'now and then');
  assert.equal(published(5), 'constantly: more than once a second each');
  const inputs = (perSecond: number) => ({
    inputs: { arrivals: constant(perSecond), payload: plain.payload },
  });
  assert.equal(said(inputs(0.9)), 'now and then');
  assert.equal(said(inputs(1)), 'constantly: more than once a second each');
  assert.equal(
    said({ origin: 'client', arrivals: constant(2.5), ...inputs(0.5) }),
    'constantly: more than once a second each',
  );
});

test('each number of clients falls into one row', () => {
  const size = (clients: number) => shownOf('Clients of one server', { clients }).join();
  assert.equal(size(999), 'up to hundreds');
  assert.equal(size(1_000), 'thousands');
  assert.equal(size(9_999), 'thousands');
  assert.equal(size(10_000), 'tens of thousands');
});

test('needs about proxies are shown by trials behind NGINX, the others by scenarios', () => {
  const proxies = needs.filter(({ topic }) => topic === 'What lies between');
  assert.deepEqual(
    proxies.map(({ test: judged }) => judged?.kind === 'proxy' && judged.mistake),
    [null, 'buffered-sse', 'no-upgrade-headers', 'short-read-timeout'],
  );
  for (const { shownBy, test: judged } of needs.filter((need) => !proxies.includes(need))) assert.ok(shownBy && judged);
});

test('how each is judged, and what would measure it', () => {
  const told = needs.flatMap(({ need, test: judged, measure }) =>
    judged && judged.kind !== 'in-time' && judged.kind !== 'proxy'
      ? [[need, judged.kind === 'least' ? `bytes ${judged.direction}` : judged.kind, measure?.join(' ')]]
      : [],
  );
  assert.deepEqual(told, [
    ['rare: less than one a minute', 'bytes both', 'notifications'],
    ['some a minute', 'bytes both', 'chat-room --rate 0.1'],
    ['about one or several a second', 'bytes both', 'chat-room'],
    ['tens a second', 'bytes both', 'ticker'],
    ['no', 'bytes both', 'ticker'],
    ['now and then', 'bytes both', 'chat-room'],
    ['constantly: more than once a second each', 'bytes up', 'online-game'],
    ['up to hundreds', 'core', 'chat-room'],
    ['thousands', 'core', 'chat-room --clients 1000 --channels 100'],
    ['tens of thousands', 'core', 'notifications --clients 10000 --channels 10000'],
  ]);
});

test('the judgements that follow from how the transports work', () => {
  const letters = needs.map(({ need, reasoned }) => [
    need,
    transports.map((transport) => reasoned[transport][0][0]).join(''),
  ]);
  assert.deepEqual(letters, [
    ['rare: less than one a minute', 'gggg'],
    ['some a minute', 'wggg'],
    ['about one or several a second', 'wpgg'],
    ['tens a second', 'wpgg'],
    ['up to 10 s', 'gwww'],
    ['up to 1 s', 'wggg'],
    ['up to 100 ms', 'pwgg'],
    ['no', 'wwgg'],
    ['now and then', 'gwgg'],
    ['constantly: more than once a second each', 'pppg'],
    ['up to hundreds', 'gggg'],
    ['thousands', 'wwgg'],
    ['tens of thousands', 'wpgg'],
    ['a proxy that is set up for it', 'gggg'],
    ['a proxy that buffers answers', 'ggpg'],
    ['a proxy that does not upgrade', 'gggp'],
    ['a proxy that cuts what is silent', 'gwww'],
  ]);
});

test('each transport has its own reason, by the words that it begins with', () => {
  const told = needs.map(({ need, reasoned }) => [
    need,
    ...transports.map((transport) =>
      reasoned[transport][1]
        .split(/[ ;,:.]+/)
        .slice(0, 3)
        .join(' '),
    ),
  ]);
  assert.deepEqual(told, [
    ['rare: less than one a minute', 'Asked as seldom', 'A request for', 'A heartbeat now', 'A ping now'],
    ['some a minute', 'Most answers are', 'A request for', 'Some twenty bytes', 'A few bytes'],
    ['about one or several a second', 'Several updates share', 'A request for', 'Some twenty bytes', 'A few bytes'],
    ['tens a second', 'What comes between', 'Asks again after', 'As they come', 'As they come'],
    ['up to 10 s', 'Asks every few', 'Sooner than needed', 'Sooner than needed', 'Sooner than needed'],
    ['up to 1 s', 'Has to ask', 'The held question', 'Sent at once', 'Sent at once'],
    ['up to 100 ms', 'Would have to', 'At once unless', 'Sent at once', 'Sent at once'],
    ['no', 'Asks only to', 'Asks only to', 'Made for one', 'Its way up'],
    ['now and then', 'What they say', 'Needs a second', 'What they say', 'On the same'],
    [
      'constantly: more than once a second each',
      'Each message up',
      'Each message up',
      'Cheap downwards each',
      '6 to 14',
    ],
    ['up to hundreds', 'A server answers', 'Held requests cost', 'A write for', 'A write for'],
    ['thousands', 'Its load is', 'Each update is', 'Idle connections cost', 'Idle connections cost'],
    ['tens of thousands', 'Nothing is remembered', 'One update makes', 'Connections have to', 'Connections have to'],
    ['a proxy that is set up for it', 'Plain requests pass', 'A plain request', 'A plain answer', 'Two headers hand'],
    ['a proxy that buffers answers', 'Answers are short', 'The answer ends', 'Events stay in', 'After the upgrade'],
    [
      'a proxy that does not upgrade',
      'Plain requests pass',
      'Plain requests pass',
      'A plain answer',
      'Cannot connect over',
    ],
    ['a proxy that cuts what is silent', 'No poll lasts', 'The hold has', 'The heartbeat has', 'The ping has'],
  ]);
});
