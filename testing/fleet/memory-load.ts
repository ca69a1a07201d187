import type { LoadFigures } from '../../clients/load/load.ts';
import type { LoadCalls } from '../../clients/load/main.ts';
import { type Journal, settle } from '../../clients/load/settlement.ts';
import { createStormWatch } from '../../clients/load/storm-watch.ts';
import { undisturbedLatencies } from '../../clients/load/undisturbed.ts';
import { addToTimeline, emptyTimeline } from '../../clients/subscriber/latency-timeline.ts';
import { Receipts } from '../../clients/subscriber/receipts.ts';
import { createRecorder } from '../../machine/process/recorder.ts';
import { LateLog } from '../../protocol/late-updates.ts';
import { channelOf } from '../../scenarios/scenario.ts';
import { type PlannedPublish, publishes } from '../../scenarios/schedule.ts';
import { loadCounters } from '../by-hand/readings.ts';
import { type Audience, truth, type World, type WorldClient } from './world.ts';

/** What the clients of one load process have counted. Bytes follow from these counts and `truth.bytes`. */
type Count = {
  deliveries: number;
  updateBytes: number;
  requests: number;
  publishedUpdates: number;
  publishedInputs: number;
  reconnects: number;
  openedSockets: number;
  openSockets: number;
};

const { bytes } = truth;

/** The simulated clients of a load process. Their ledgers, receipts and settlement are the real code. */
export function memoryLoad(world: World, name: string, sample: LoadCalls['sample']): LoadCalls {
  const mine: WorldClient[] = [];
  const count: Count = {
    deliveries: 0,
    updateBytes: 0,
    requests: 0,
    publishedUpdates: 0,
    publishedInputs: 0,
    reconnects: 0,
    openedSockets: 0,
    openSockets: 0,
  };
  const delivery = createRecorder();
  const receipts = new Receipts();
  const storm = createStormWatch();
  const late = new LateLog();
  const selfTick = world.selfTickOf(name);
  let planned: readonly PlannedPublish[] = [];
  let phaseUs = 0;
  let progressed = () => {};
  const audience: Audience = {
    received: ({ client, version, intendedUs }) =>
      world.atProcess(name, world.clock.nowUs(), () => {
        count.deliveries++;
        count.updateBytes += bytes.updateHead + world.payloadBytes;
        delivery.record(world.clock.nowUs() - intendedUs);
        receipts.add(client, version, world.clock.nowUs());
        progressed();
      }),
    lost: ({ client, channel }) => {
      count.openSockets--;
      storm.lost(client, channel, world.clock.nowUs());
    },
    subscribed: ({ client }) => {
      count.openedSockets++;
      count.openSockets++;
      count.requests++;
      if (count.openedSockets > mine.length) count.reconnects++;
      storm.subscribed(client, world.clock.nowUs());
    },
  };
  return {
    start: ({ scenario, from, to }) => {
      world.loadSockets.push(() => countersOf(count).sockets);
      for (let client = from; client < to; client++)
        mine.push(world.join(client, channelOf(scenario, client), audience));
    },
    connect: ({ perSecond }) =>
      new Promise((resolve) => {
        const setUp = createRecorder();
        for (const [i, client] of mine.entries()) {
          world.after((i / perSecond) * 1e6 + truth.setUpUs, () => {
            world.subscribe(client);
            setUp.record(truth.setUpUs);
            if (i === mine.length - 1) resolve(setUp.encoded());
          });
        }
      }),
    prepare: (phase) => {
      if (phase.scenario.origin === 'client') world.payloadBytes = phase.scenario.payload.bytes;
      const numbers = new Set(mine.map(({ client }) => client));
      planned = publishes(phase).filter(({ client }) => numbers.has(client));
      phaseUs = phase.durationUs;
    },
    play: (startUs) =>
      new Promise((resolve) => {
        world.play(startUs);
        for (const { atUs, channel, client, kind } of planned) {
          const intendedUs = startUs + atUs;
          world.atProcess(name, intendedUs, () => {
            if (kind === 'update') count.publishedUpdates++;
            else count.publishedInputs++;
            late.note(channel, intendedUs, world.clock.nowUs() - intendedUs);
            world.publish(channel, client, intendedUs);
          });
        }
        world.at(startUs + phaseUs, resolve);
      }),
    drain: ({ heads, withinMs }) =>
      new Promise((resolve) => {
        const check = () => {
          if (mine.every(({ account, channel }) => (account.newest ?? 0) >= heads[channel]!)) resolve();
        };
        progressed = check;
        world.after(withinMs * 1000, resolve);
        check();
      }),
    begin: () => {
      delivery.reset();
      receipts.clear();
      late.clear();
      selfTick.begin();
    },
    sample,
    counters: () => countersOf(count),
    ledger: () => mine.map(({ client, channel, account }) => ({ client, channel, ...account.ledger() })),
    specimen: async () => undefined,
    closedLoop: async () => undefined,
    clientWork: async () => ({ medianUs: truth.clientWorkUs, echoes: 400 }),
    settle: ({ updates, window, stormUs }) => {
      const journal: Journal = { updates, receipts, window, echo: world.echo };
      return {
        ...settledOf(journal, mine),
        delivery: delivery.encoded(),
        ...(stormUs !== undefined && { storm: storm.figures(stormUs, journal) }),
      };
    },
    gaps: selfTick.end,
    lateUpdates: () => late.noted(),
    undisturbed: ({ updates, disturbances }) =>
      undisturbedLatencies({ updates, receipts }, membersOf(mine), disturbances),
  };
}

function membersOf(clients: readonly WorldClient[]): readonly (readonly [client: number, channel: number])[] {
  return clients.map(({ client, channel }) => [client, channel] as const);
}

function countersOf(count: Count): ReturnType<LoadCalls['counters']> {
  const published = count.publishedUpdates + count.publishedInputs;
  const writtenBytes = count.requests * bytes.request + published * (bytes.publish + bytes.publishFraming);
  const readBytes =
    count.requests * bytes.requestAnswer +
    count.updateBytes +
    count.deliveries * bytes.updateFraming +
    published * bytes.publishAnswer;
  return loadCounters({
    sockets: {
      readBytes,
      writtenBytes,
      plainReadBytes: readBytes,
      plainWrittenBytes: writtenBytes,
      openedSockets: count.openedSockets,
      openSockets: count.openSockets,
    },
    tally: {
      requests: count.requests + published,
      reconnects: count.reconnects,
      deliveries: count.deliveries,
      updateBytes: count.updateBytes,
      publishedUpdates: count.publishedUpdates,
      publishedInputs: count.publishedInputs,
      publishedBytes: published * bytes.publish,
      acknowledgedPublishes: published,
    },
  });
}

function settledOf(journal: Journal, clients: readonly WorldClient[]): Omit<LoadFigures, 'delivery' | 'storm'> {
  const timeline = emptyTimeline();
  const downlink = createRecorder();
  const none = createRecorder().encoded();
  let outstandingUs = 0;
  const settled = settle(journal, membersOf(clients), ({ intendedUs, acceptedUs, receivedUs }) => {
    outstandingUs += receivedUs - intendedUs;
    downlink.record(receivedUs - acceptedUs);
    addToTimeline(timeline, journal.window, intendedUs, receivedUs - intendedUs);
  });
  return {
    ...settled,
    downlink: downlink.encoded(),
    pollLateness: none,
    publishLateness: none,
    outstandingUs,
    timeline,
    cohorts: [],
    broadcasts: { delivery: none, reached: [] },
    exchange: [],
  };
}
