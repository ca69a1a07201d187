import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Agenda, Track } from './agenda.ts';
import type { ConnectedClient, Crowd } from './crowd.ts';
import { createSetUp, type SetUpPlan } from './set-up.ts';

/** A crowd whose clients set off in a time that passes by hand. */
function crowdOf(count: number) {
  let nowUs = 0;
  let track: Track | undefined;
  const offUs: number[] = [];
  const clients = Array.from({ length: count }, (_, client) => ({
    client,
    transport: { connect: () => void offUs.push(nowUs) },
  })) as unknown as readonly ConnectedClient[];
  const crowd = { clients, clock: { nowUs: () => nowUs }, tally: { lastError: '', reconnects: 0 } } as unknown as Crowd;
  const agenda = {
    play: (tracks: readonly Track[]) => {
      track = tracks[0];
    },
  } as unknown as Agenda;
  const setUp = createSetUp();
  return {
    /** The instants at which clients set off. */
    offUs,
    connect: (plan: SetUpPlan) => setUp.connect(crowd, agenda, plan),
    /** Lets time pass; those that are due set off. */
    until: (atUs: number) => {
      while (track!.nextUs() <= atUs) {
        nowUs = Math.max(nowUs, track!.nextUs());
        track!.fire();
      }
      nowUs = atUs;
    },
    subscribed: (client: number) => setUp.subscribed(clients[client]!),
  };
}

const patient = { perSecond: 1_000, underWay: 8, withinMs: 60_000 };

test('at first clients set off at the given rate, however fast others are subscribed', async () => {
  const crowd = crowdOf(200);
  const connected = crowd.connect(patient);
  for (let client = 0; client < 200; client++) {
    crowd.until(client * 1_000);
    assert.equal(crowd.offUs.length, client + 1);
    crowd.subscribed(client);
  }
  await connected;
  assert.deepEqual(
    crowd.offUs,
    Array.from({ length: 200 }, (_, i) => i * 1_000),
  );
});

test('after a quarter of a second each that is subscribed makes room for another one', async () => {
  const crowd = crowdOf(1_000);
  const connected = crowd.connect(patient);
  crowd.until(249_000);
  assert.equal(crowd.offUs.length, 250);
  for (let client = 0; client < 250; client++) crowd.subscribed(client);
  assert.equal(crowd.offUs.length, 250, 'not yet');
  crowd.until(250_000);
  assert.equal(crowd.offUs.length, 258, 'eight are under way');
  for (let client = 250; client < 1_000; client++) {
    crowd.subscribed(client);
    assert.equal(crowd.offUs.length, Math.min(1_000, client + 9));
  }
  await connected;
  assert.equal(crowd.offUs.at(-1), 250_000);
});

test('where set-up takes long, clients go on setting off at the given rate', async () => {
  const crowd = crowdOf(2_000);
  const connected = crowd.connect(patient);
  crowd.until(1_000_000);
  assert.equal(crowd.offUs.length, 1_001, 'none is subscribed yet');
  crowd.until(2_000_000);
  for (let client = 0; client < 2_000; client++) crowd.subscribed(client);
  await connected;
});

test('a set-up that takes too long says how many are missing, and nothing sets off afterwards', async () => {
  const crowd = crowdOf(3);
  await assert.rejects(crowd.connect({ ...patient, withinMs: 20 }), /3 of 3 clients not subscribed after 20 ms/);
});
