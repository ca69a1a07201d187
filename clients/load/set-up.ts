import { createRecorder } from '../../machine/process/recorder.ts';
import type { VirtualClient } from '../subscriber/virtual-client.ts';
import type { Agenda, Track } from './agenda.ts';
import type { Crowd } from './crowd.ts';

/** How a crowd connects. */
export type SetUpPlan = {
  /** Clients that set off each second, however long the others take. */
  readonly perSecond: number;
  /** After a moment more set off as long as fewer than these are under way: so the rate is found that the servers take. */
  readonly underWay: number;
  readonly withinMs: number;
};

/** A small crowd is not hurried: its set-up times are those of servers without a queue. */
const unhurriedUs = 250_000;

/** Connects a crowd; `subscribed` must be called for each client. */
export type SetUp = {
  readonly subscribed: (client: VirtualClient) => void;
  /**
   * Resolves with the times from connect to subscription, an encoded recording in microseconds. Rejects when some
   * clients are not subscribed in time.
   */
  readonly connect: (crowd: Crowd, agenda: Agenda, plan: SetUpPlan) => Promise<string>;
};

/** Connects a crowd and times each client. */
export function createSetUp(): SetUp {
  const times = createRecorder();
  const startedUs = new Map<number, number>();
  let left = new Set<number>();
  let now: () => number = () => 0;
  let finish: () => void = () => {};
  /** Sets off as many as may be under way at once. */
  let hurry: () => void = () => {};

  return {
    subscribed: ({ client }) => {
      if (!left.delete(client)) return;
      times.record(now() - startedUs.get(client)!);
      if (left.size === 0) finish();
      else hurry();
    },
    connect: async ({ clients, clock, tally }, agenda, { perSecond, underWay, withinMs }) => {
      left = new Set(clients.map(({ client }) => client));
      now = clock.nowUs;
      const all = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const startUs = clock.nowUs();
      let next = 0;
      let paced = 0;
      const setOff = () => {
        const { client, transport } = clients[next++]!;
        startedUs.set(client, clock.nowUs());
        transport.connect();
      };
      hurry = () => {
        if (clock.nowUs() < startUs + unhurriedUs) return;
        while (next < clients.length && next - (clients.length - left.size) < underWay) setOff();
      };
      const connects: Track = {
        nextUs: () => (next < clients.length ? startUs + (paced * 1e6) / perSecond : Number.POSITIVE_INFINITY),
        fire: () => {
          paced++;
          setOff();
          hurry();
        },
      };
      agenda.play([connects]);
      const isInTime = await within(all, withinMs);
      hurry = () => {};
      if (isInTime) return times.encoded();
      const why = tally.lastError || `${tally.reconnects} attempts were made again`;
      throw new Error(`${left.size} of ${clients.length} clients not subscribed after ${withinMs} ms: ${why}`);
    },
  };
}

async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const inTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
