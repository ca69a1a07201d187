import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { projectRoot } from '../../../machine/host/project-root.ts';
import type { Transport } from '../../../protocol/transport.ts';
import { readRun } from '../../../results/store/read-run.ts';
import { type Measured, pollsOf, seconds, sum, windowBytes } from '../../figures/figure.ts';
import { expectationOf } from '../freshness/transport-model.ts';
import { headsOf } from './heads.ts';
import { trafficOf } from './traffic.ts';
import { progressOf } from './trial-numbers.ts';

const { record, trials } = readRun(join(projectRoot, 'results/reference'));

const seen: readonly Measured[] = trials.flatMap((trial) => {
  const planned = record.plan.scenarios.find(({ scenario }) => scenario.name === trial.scenario);
  return trial.status === 'completed' && planned ? [{ trial, scenario: planned.scenario }] : [];
});

const heads = headsOf(seen)!;

test('heads, counted from the exchange of a client', () => {
  assert.deepEqual([heads.poll, heads.emptyAnswer, heads.fullAnswer], [96, 138, 180]);
  // Those of publishing are means of what was counted in a window.
  assert.ok(Math.abs(heads.publish - 131) < 0.1, String(heads.publish));
  assert.ok(Math.abs(heads.publishAnswer - 153.4) < 0.1, String(heads.publishAnswer));
});

test('there are no heads without a poll', () => {
  assert.equal(headsOf(seen.filter(({ trial }) => trial.transport !== 'short-polling')), undefined);
});

test('nor are there of publishing without a publish', () => {
  const quiet = headsOf(seen.filter(({ scenario }) => scenario.name === 'ticker'))!;
  assert.deepEqual([quiet.poll, quiet.publish, quiet.publishAnswer], [96, 0, 0]);
});

test('heads are those of JSON', () => {
  assert.equal(headsOf(seen.filter(({ scenario }) => scenario.encoding === 'binary')), undefined);
});

/** Framing bytes and packets, each down and up. */
type Amounts = readonly [framingDown: number, framingUp: number, packetsDown: number, packetsUp: number];

function counted({ trial }: Measured): Amounts {
  const { down, up } = windowBytes(trial);
  const { requests, drainRequests } = trial.counts;
  const inWindow = requests > 0 ? 1 - drainRequests / requests : 1;
  const { window } = trial.bytes.packets!;
  return [down.framing, up.framing, window.down.packets * inWindow, window.up.packets * inWindow];
}

/** By the model, from the deliveries, requests and heartbeats that were counted. */
function modelled(measured: Measured): Amounts {
  const { trial, scenario } = measured;
  const { clients, channels, payload } = scenario;
  const perClientSecond = (amount: number) => amount / seconds(trial) / clients;
  const polls = pollsOf(measured);
  const { rttMs } = trial.path;
  const expected = expectationOf(trial.transport, { ...scenario, roundTripMs: rttMs, oneWayMs: rttMs / 2 });
  const { down, up, packets } = trafficOf(
    trial.transport,
    {
      ...expected,
      deliveriesPerSecond: perClientSecond(trial.ledger.received),
      requestsPerSecond: perClientSecond(polls),
      emptyShare: polls === 0 ? 0 : trial.counts.emptyAnswers / polls,
      heartbeatsPerSecond: perClientSecond(trial.counts.heartbeats),
    },
    0,
    {
      encoding: scenario.encoding,
      payloadBytes: payload.bytes,
      publishBytes: payload.bytes,
      numbers: { clients, channels, ...progressOf([measured]) },
      heads,
      encrypted: false,
    },
  );
  const whole = seconds(trial) * clients;
  return [down.framing * whole, up.framing * whole, packets.down * whole, packets.up * whole];
}

/** Over all repeats, since the versions of channels with bursts have two digits in one and three in another. */
function totalOf(transport: Transport, name: string, of: (measured: Measured) => Amounts): Amounts {
  const amounts = seen.filter(({ trial, scenario }) => trial.transport === transport && scenario.name === name).map(of);
  assert.equal(amounts.length, 5);
  const total = (place: 0 | 1 | 2 | 3) => sum(amounts.map((each) => each[place]));
  return [total(0), total(1), total(2), total(3)];
}

/**
 * A burst has one poll that was held for long, and the server acknowledges it and the next one. The model takes polls that
 * are held as independent of each other, so it expects less: 1.35 packets for each poll, not 1.42.
 */
const wider: Readonly<Record<string, number>> = { 'presence, long-polling, packets down': 0.05 };

const names = ['framing down', 'framing up', 'packets down', 'packets up'] as const;

describe('the model has the bytes and packets of the reference run to 2%', () => {
  for (const scenario of ['ticker', 'presence', 'dashboard', 'notifications']) {
    for (const transport of ['websocket', 'sse', 'long-polling'] as const) {
      test(`${scenario} over ${transport}`, () => {
        const found = totalOf(transport, scenario, modelled);
        const expected = totalOf(transport, scenario, counted);
        for (const [place, name] of names.entries()) {
          const [by, was] = [found[place]!, expected[place]!];
          const allowed = was * (wider[`${scenario}, ${transport}, ${name}`] ?? 0.02);
          assert.ok(Math.abs(by - was) <= allowed, `${name}: ${by.toFixed(0)}, counted ${was.toFixed(0)}`);
        }
      });
    }
  }
});
