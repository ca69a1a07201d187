import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type FigureKey, figureOf } from '../../analysis/figures/figures.ts';
import { trialWarnings } from '../../analysis/validity/validity.ts';
import type { Role } from '../../bench/fleet/fleet.ts';
import { bundlePrograms } from '../../bench/local/bundle.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { defineScenario } from '../../scenarios/define-scenario.ts';
import { stoppedTrial } from './stopped-trial.ts';

const bundle = await bundlePrograms();
after(() => bundle.remove());

const scenario = defineScenario({
  name: 'stopped',
  title: 'Stopped',
  summary: 'A steady stream to a few clients.',
  clients: 4,
  arrivals: { kind: 'constant', perSecond: 50 },
  payload: { kind: 'notice', bytes: 100 },
  pollIntervalMs: 100,
});
const stopMs = 500;
const usual = { scenario, rttMs: 20, durationMs: 2_500, stopMs };

const instruments: readonly {
  readonly role: Role;
  readonly name: string;
  readonly transport: Transport;
  readonly given?: Partial<Parameters<typeof stoppedTrial>[1]>;
}[] = [
  { role: 'relay', name: 'relay-1', transport: 'websocket' },
  { role: 'relay', name: 'relay-1', transport: 'sse', given: { isolated: { delay: 'vxlan-relay' } } },
  { role: 'source', name: 'source', transport: 'long-polling' },
  { role: 'load', name: 'load-1', transport: 'short-polling' },
  {
    role: 'load',
    name: 'load-1',
    transport: 'websocket',
    given: { scenario: { ...scenario, origin: 'client' } },
  },
];

/** The longest gap of each process, in milliseconds. */
function longestGaps({ stalls }: CompletedTrial): ReadonlyMap<string, number> {
  return new Map(
    stalls!.gaps.map(({ process, longest }) => [
      process,
      Math.max(...longest.map(({ fromMs, toMs }) => toMs - fromMs)),
    ]),
  );
}

/** On a busy machine others stand still, too, but not for so long. Timers may be a millisecond early. */
function standStill(trial: CompletedTrial): readonly string[] {
  return [...longestGaps(trial)].filter(([, ms]) => ms >= stopMs - 5).map(([process]) => process);
}

for (const { role, name, transport, given } of instruments) {
  const where = given?.isolated ? 'in an isolated network' : 'on loopback';
  test(`a ${role} stopped for 0.5 s is named, and what it made is left out: ${transport} ${where}`, async (t) => {
    const trial = await stoppedTrial(bundle, { ...usual, role, transport, ...given });
    const { delivery } = trial.latency;
    t.diagnostic(`p99 of all ${delivery.p99Ms} ms, ${JSON.stringify(Object.fromEntries(longestGaps(trial)))}`);
    assert.deepEqual(standStill(trial), [name]);
    assert.ok(delivery.p99Ms > 300 && trial.stalls!.undisturbed!.p99Ms < delivery.p99Ms / 1.5);
    const untold: readonly FigureKey[] = ['latency.p99', 'latency.max', 'latency.mean', 'staleness'];
    for (const key of untold) assert.equal(figureOf(key, { trial, scenario }), undefined, key);
    const { text } = trialWarnings(trial).find(({ code }) => code === 'stalled')!;
    assert.match(text, new RegExp(`^${name} stood still .*\\d{3} ms.* into the window.*made .*p99.* left out`));
  });
}

test('a server stopped for 0.5 s is no stall of the instrument: its latencies are those of the server', async (t) => {
  const trial = await stoppedTrial(bundle, { ...usual, role: 'server', transport: 'websocket' });
  t.diagnostic(`p99 of all ${trial.latency.delivery.p99Ms} ms, ${JSON.stringify(trial.stalls)}`);
  assert.deepEqual(standStill(trial), []);
  assert.ok(trial.latency.delivery.p99Ms > 300);
  assert.doesNotMatch(
    trialWarnings(trial)
      .map(({ text }) => text)
      .join('\n'),
    /server stood still/,
  );
});
