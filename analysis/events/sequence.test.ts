import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../../protocol/transport.ts';
import type { CompletedTrial, Exchange } from '../../results/schema/schema.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { analyseRun } from '../comparison/run-analysis.ts';
import { acceptedIn, type Sequence, sequencesFrom, sequencesOf } from './sequence.ts';

function sequences(alter: (trial: CompletedTrial) => CompletedTrial = (trial) => trial): readonly Sequence[] {
  const { scenarios } = analyseRun(syntheticRun({ alter }));
  return sequencesOf(scenarios[0]!);
}

function sequenceOf(transport: Sequence['transport'], all = sequences()): Sequence {
  return all.find((each) => each.transport === transport)!;
}

test('all transports are shown over the same time, with the same changes', () => {
  const all = sequences();
  assert.deepEqual(
    all.map(({ transport }) => transport),
    ['short-polling', 'long-polling', 'sse', 'websocket'],
  );
  assert.equal(new Set(all.map(({ fromMs, toMs }) => `${fromMs} ${toMs}`)).size, 1);
  const changes = all.map(({ updates }) => updates.map(({ intendedMs }) => intendedMs).join(' '));
  assert.equal(new Set(changes).size, 1);
});

test('an answer follows its request', () => {
  const { messages } = sequenceOf('short-polling');
  const polls = messages.filter(({ kind }) => kind === 'poll');
  const answers = messages.filter(({ kind }) => kind === 'answer');
  assert.ok(polls.length >= 2);
  for (const { receivedMs } of polls) assert.ok(answers.some(({ sentMs }) => sentMs! >= receivedMs!));
});

test('the client does not know a change until it or a newer one arrives', () => {
  // The second and third change come 50 ms apart: one poll brings both.
  const { updates } = sequenceOf('short-polling');
  const [, second, third] = updates;
  assert.equal(second!.knownMs, third!.knownMs);
  for (const { updates: pushed } of [sequenceOf('sse'), sequenceOf('websocket')]) {
    // Up and down the half of 40 ms, and 1 ms at the ends.
    for (const { intendedMs, knownMs } of pushed) assert.ok(Math.abs(knownMs - intendedMs - 41) < 1e-9);
  }
});

test('only long polling holds a request at the server until there is a change', () => {
  assert.deepEqual(sequenceOf('short-polling').holds, []);
  assert.deepEqual(sequenceOf('websocket').holds, []);
  const { holds, updates } = sequenceOf('long-polling');
  assert.ok(holds.length > 0);
  const ended = holds.filter(({ toMs }) => updates.some(({ acceptedMs }) => Math.abs(toMs - acceptedMs) < 1e-9));
  assert.ok(ended.length >= 2);
});

test('a request sent before the recording is held from its beginning', () => {
  const all = sequences((trial) =>
    trial.exchange && trial.transport === 'long-polling'
      ? { ...trial, exchange: { ...trial.exchange, events: trial.exchange.events.slice(2) } }
      : trial,
  );
  const { holds, messages } = sequenceOf('long-polling', all);
  assert.equal(holds[0]!.fromMs, 0);
  assert.equal(messages[0]!.kind, 'answer');
});

/** Chat room: clients are the origin, and client 0 publishes the second update. */
test('whose update it is, and what the client sends up', () => {
  const { updates, messages } = sequenceOf('websocket');
  assert.deepEqual(
    updates.map(({ version, by }) => [version, by]),
    [
      [1, 'other'],
      [2, 'own'],
      [3, 'other'],
    ],
  );
  assert.deepEqual(
    messages.filter(({ kind }) => kind === 'publish').map(({ version }) => version),
    [2],
  );
});

test('the server is the origin of updates in a game, and inputs go up', () => {
  const game = sequencesOf(analyseRun(syntheticRun()).scenarios[1]!)[3]!;
  assert.deepEqual([...new Set(game.updates.map(({ by }) => by))], ['source']);
  assert.ok(game.messages.some(({ kind }) => kind === 'input'));
  assert.ok(!game.messages.some(({ kind }) => kind === 'publish'));
});

const recorded = (
  transport: Transport,
  exchange: Partial<Exchange>,
): { readonly transport: Transport; readonly exchange: Exchange } => ({
  transport,
  exchange: { completeMs: 10_000, events: [], updates: [], publishes: [], ...exchange },
});
const due = (version: number, intendedMs: number, own = false) => ({
  version,
  intendedMs,
  acceptedMs: intendedMs + 20,
  own,
});
const byClients = findScenario('chat-room')!;

test('an update of its own comes back to the client, or is known from the outset without echo', () => {
  const exchange: Partial<Exchange> = {
    events: [
      { side: 'server', kind: 'update', atMs: 520, version: 1 },
      { side: 'client', kind: 'update', atMs: 540, version: 1 },
    ],
    updates: [due(1, 500, true)],
  };
  const known = (echo: boolean) =>
    sequencesFrom({ ...byClients, echo }, [recorded('sse', exchange)])[0]!.updates[0]!.knownMs;
  assert.equal(known(true), 540);
  assert.equal(known(false), 500);
});

test('a picture reaches to an update of the client’s own, if that is in time', () => {
  const spanOf = (ownMs: number, completeMs = 10_000) => {
    const updates = [due(1, 1_000), due(2, 1_300), due(3, 1_600), due(4, 1_900), due(5, ownMs, true)];
    const [sequence] = sequencesFrom(byClients, [recorded('sse', { updates, completeMs })]);
    return [sequence!.fromMs, sequence!.toMs - sequence!.fromMs].map(Math.round);
  };
  // 2.3 polls of 1 s, without an own update; the first update stands at 12%.
  assert.deepEqual(spanOf(9_000), [724, 2_300]);
  // 1.3 times the 4 s from the first update to the own.
  assert.deepEqual(spanOf(5_000), [376, 5_200]);
  assert.deepEqual(spanOf(5_615), [280, 6_000]);
  assert.deepEqual(spanOf(5_616), [724, 2_300]);
  // The recording ends at 4.5 s: 1.3 times 3.4 s have room in it, and later updates are not in it.
  assert.deepEqual(spanOf(4_400, 4_500), [80, 4_420]);
  assert.deepEqual(spanOf(5_000, 4_500), [724, 2_300]);
});

test('updates that clients publish may be accepted in another order than they were due', () => {
  const updates = [due(1, 1_400), due(2, 1_000), due(3, 1_800)];
  const [sequence] = sequencesFrom(byClients, [recorded('sse', { updates })]);
  assert.equal(sequence!.fromMs, 724);
});

test('an update that is due in the picture but accepted later has no dot in it', () => {
  const updates = [due(1, 0), { ...due(2, 990), acceptedMs: 2_301 }, { ...due(3, 999), acceptedMs: 2_300 }];
  const [sequence] = sequencesFrom(byClients, [recorded('sse', { updates })]);
  assert.deepEqual([sequence!.fromMs, sequence!.toMs, sequence!.updates.length], [0, 2_300, 3]);
  assert.deepEqual(
    acceptedIn(sequence!).map(({ version }) => version),
    [1, 3],
  );
});

test('a long poll that is neither asked nor answered in the recording was held all the time', () => {
  const quiet = (transport: Transport) => sequencesFrom(byClients, [recorded(transport, {})])[0]!.holds;
  assert.deepEqual(quiet('long-polling'), [{ fromMs: 0, toMs: 10_000 }]);
  assert.deepEqual(quiet('sse'), []);
  assert.deepEqual(quiet('short-polling'), []);
});

test('whether a run recorded what the client sent, where clients send anything', () => {
  const of = (name: string, publishes: Exchange['publishes']) =>
    sequencesFrom(findScenario(name)!, [recorded('sse', { publishes } as Exchange)])[0]!.recordsPublishes;
  assert.deepEqual(
    ['chat-room', 'online-game', 'ticker'].map((name) => of(name, [])),
    [true, true, true],
  );
  assert.deepEqual(
    ['chat-room', 'online-game', 'ticker'].map((name) => of(name, undefined)),
    [false, false, true],
  );
});

test('without recordings there are no sequences', () => {
  assert.deepEqual(
    sequences((trial) => ({ ...trial, exchange: null })),
    [],
  );
});
