import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessSample } from '../../machine/process/process-sample.ts';
import { processSample, serverCounters, serverLedger } from '../../testing/by-hand/readings.ts';
import { crewOf, standIn } from '../../testing/by-hand/stand-in.ts';
import { processRecords, type StageSamples } from './process-record.ts';

type FiveSamples = Readonly<Record<keyof StageSamples, Partial<ProcessSample>>>;

function samplesOf(processes: Readonly<Record<string, FiveSamples>>): StageSamples {
  const at = (stage: keyof StageSamples) =>
    new Map(Object.entries(processes).map(([name, samples]) => [name, processSample(samples[stage])] as const));
  return {
    idle: at('idle'),
    connected: at('connected'),
    start: at('start'),
    end: at('end'),
    drained: at('drained'),
  };
}

/** No two numbers of one kind are equal, and no two differences between neighbours either. */
const busy: FiveSamples = {
  idle: {
    cpuUs: 1_000,
    rssBytes: 110,
    heapBytes: 21,
    externalBytes: 31,
    eventLoop: { idleMs: 1, activeMs: 2 },
    spunMs: 0,
  },
  connected: {
    cpuUs: 8_000,
    rssBytes: 120,
    heapBytes: 22,
    externalBytes: 32,
    eventLoop: { idleMs: 10, activeMs: 5 },
    spunMs: 1,
  },
  start: {
    cpuUs: 11_000,
    rssBytes: 130,
    heapBytes: 23,
    externalBytes: 33,
    eventLoop: { idleMs: 100, activeMs: 50 },
    spunMs: 3,
  },
  end: {
    cpuUs: 24_000,
    rssBytes: 140,
    heapBytes: 24,
    externalBytes: 34,
    eventLoop: { idleMs: 400, activeMs: 150 },
    spunMs: 8,
  },
  drained: {
    cpuUs: 41_500,
    rssBytes: 150,
    heapBytes: 25,
    externalBytes: 35,
    eventLoop: { idleMs: 900, activeMs: 990 },
    spunMs: 20,
  },
};

test('CPU of a process is the difference over its stage, memory is that of its instant', () => {
  const crew = crewOf({ servers: [standIn('server', 'server', {}, 3)] });
  assert.deepEqual(processRecords(crew, samplesOf({ server: busy })), [
    {
      role: 'server',
      name: 'server',
      core: 3,
      cpuConnectMs: 7, // 8 - 1
      cpuWindowMs: 13, // 24 - 11
      spunMs: 5, // 8 - 3
      sampledMs: 400, // 300 idle + 100 active
      cpuDrainMs: 17.5, // 41.5 - 24
      rssBytes: 150, // after the drain
      idleRssBytes: 110,
      connectedRssBytes: 120,
      heapBytes: 25,
      externalBytes: 35,
      eventLoopUtilization: 0.25, // 100 active of 300 + 100
    },
  ]);
});

const still: FiveSamples = { idle: {}, connected: {}, start: {}, end: {}, drained: {} };

test('an event loop that did nothing in the window was not utilized', () => {
  const crew = crewOf({ servers: [standIn('server', 'server')] });
  assert.equal(processRecords(crew, samplesOf({ server: still }))[0]!.eventLoopUtilization, 0);
});

test('an event loop that was never idle was utilized fully', () => {
  const active = { ...still, end: { eventLoop: { idleMs: 0, activeMs: 40 } } };
  const crew = crewOf({ servers: [standIn('server', 'server')] });
  assert.equal(processRecords(crew, samplesOf({ server: active }))[0]!.eventLoopUtilization, 1);
});

test('every process of the crew has its own figures, killed servers last', () => {
  const names = ['server-1', 'load-1', 'load-2', 'relay-2', 'relay-1', 'source', 'backplane', 'nginx', 'server-2'];
  const fallen = {
    member: standIn('server', 'server-2', {}, 8),
    sample: processSample({}),
    counters: serverCounters({}),
    ledger: serverLedger([]),
    exchange: [],
  };
  const crew = crewOf({
    servers: [standIn('server', 'server-1', {}, 1)],
    loads: [standIn('load', 'load-1', {}, 2), standIn('load', 'load-2')],
    relays: [standIn('relay', 'relay-2', {}, 4)],
    packetRelay: standIn('relay', 'relay-1', {}, 5),
    source: standIn('source', 'source', {}, 6),
    backplane: standIn('backplane', 'backplane', {}, 7),
    proxy: standIn('proxy', 'nginx', {}, 0),
    fallen: [fallen],
  });
  // The first uses 1 ms in the window, the second 2 ms and so on.
  const processes = names.map((name, i) => [name, { ...still, end: { cpuUs: 1_000 * (i + 1) } }] as const);
  const records = processRecords(crew, samplesOf(Object.fromEntries(processes)));
  assert.deepEqual(
    records.map(({ role, name, core, cpuWindowMs }) => [role, name, core, cpuWindowMs]),
    [
      ['server', 'server-1', 1, 1],
      ['load', 'load-1', 2, 2],
      ['load', 'load-2', null, 3],
      ['relay', 'relay-2', 4, 4],
      ['relay', 'relay-1', 5, 5],
      ['source', 'source', 6, 6],
      ['backplane', 'backplane', 7, 7],
      ['proxy', 'nginx', 0, 8],
      ['server', 'server-2', 8, 9],
    ],
  );
});
