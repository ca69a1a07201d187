import type { AcceptedUpdates } from '../protocol/accepted-updates.ts';
import { createRecorder } from '../protocol/recorder.ts';
import type { Receipts } from './receipts.ts';

/** What a loss of connections was like for the clients of one process. Instants by the trial's clock. */
export type StormFigures = {
  /** Clients whose connection ended by it. */
  readonly cut: number;
  /** From the end of a client's connection until it was subscribed again, encoded. */
  readonly back: string;
  /** Accepted while their clients were cut off; resuming brought them, or the ledger says otherwise. */
  readonly missedUpdates: number;
  /** The first end of a connection, and when the last client had what was accepted until it was back; null: none was cut. */
  readonly firstLostUs: number | null;
  readonly caughtUpUs: number | null;
};

type Absence = { readonly client: number; readonly channel: number; readonly lostUs: number; backUs: number };

/** Notes when clients lose their connection and when they are subscribed again. Costs nothing while all is well. */
export type StormWatch = {
  readonly lost: (client: number, channel: number, atUs: number) => void;
  readonly subscribed: (client: number, atUs: number) => void;
  /** Of the first loss of each client from this instant on. */
  readonly figures: (fromUs: number, updates: AcceptedUpdates, receipts: Receipts) => StormFigures;
};

export function createStormWatch(): StormWatch {
  const absences: Absence[] = [];
  const away = new Map<number, Absence>();
  return {
    lost: (client, channel, atUs) => {
      if (away.has(client)) return;
      const absence = { client, channel, lostUs: atUs, backUs: Number.POSITIVE_INFINITY };
      away.set(client, absence);
      absences.push(absence);
    },
    subscribed: (client, atUs) => {
      const absence = away.get(client);
      if (absence) absence.backUs = atUs;
      away.delete(client);
    },
    figures: (fromUs, updates, receipts) => {
      const first = new Map<number, Absence>();
      for (const absence of absences) {
        if (absence.lostUs >= fromUs && !first.has(absence.client)) first.set(absence.client, absence);
      }
      return figuresOf(first, updates, receipts);
    },
  };
}

function figuresOf(first: ReadonlyMap<number, Absence>, updates: AcceptedUpdates, receipts: Receipts): StormFigures {
  const back = createRecorder();
  const wanted = new Map<number, number>();
  let missedUpdates = 0;
  for (const absence of first.values()) {
    if (Number.isFinite(absence.backUs)) back.record(absence.backUs - absence.lostUs);
    const { missed, newest } = acceptedMeanwhile(absence, updates);
    missedUpdates += missed;
    wanted.set(absence.client, newest);
  }
  const caughtUp = [...first.values()].map(({ backUs }) => backUs).filter(Number.isFinite);
  const caughtUpWith = new Set<number>();
  receipts.forEach((client, version, receivedUs) => {
    const newest = wanted.get(client) ?? 0;
    // Where newer replaces older, that very version may never come.
    if (newest > 0 && version >= newest && !caughtUpWith.has(client)) {
      caughtUpWith.add(client);
      caughtUp.push(receivedUs);
    }
  });
  return {
    cut: first.size,
    back: back.encoded(),
    missedUpdates,
    firstLostUs: first.size === 0 ? null : Math.min(...[...first.values()].map(({ lostUs }) => lostUs)),
    caughtUpUs: caughtUp.length === 0 ? null : Math.max(...caughtUp),
  };
}

/** How many updates of its channel a client missed, and the newest of them; 0 where there was none. */
function acceptedMeanwhile({ channel, lostUs, backUs }: Absence, updates: AcceptedUpdates) {
  let missed = 0;
  let newest = 0;
  for (const [row, acceptedUs] of updates.acceptedUs.entries()) {
    if (updates.channel[row] !== channel || acceptedUs < lostUs || acceptedUs > backUs) continue;
    missed++;
    newest = updates.version[row]!;
  }
  return { missed, newest };
}
