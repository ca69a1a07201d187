import { createRecorder } from '../../machine/process/recorder.ts';
import type { Journal } from './settlement.ts';

/** What a loss of connections was like for the clients of one process. Instants by the trial's clock. */
export type StormFigures = {
  /** Clients whose connection ended by it. */
  readonly cut: number;
  /** From the end of a client's connection until it was subscribed again, encoded. */
  readonly back: string;
  /** Accepted while their clients were cut off; resuming brought them, or the ledger says otherwise. */
  readonly missedUpdates: number;
  /** Clients that were cut and never had all that was accepted until they were back, or never were. */
  readonly behind: number;
  /** The first end of a connection; null: none was cut. */
  readonly firstLostUs: number | null;
  /** When the last of the others had it; null: there are none. */
  readonly caughtUpUs: number | null;
};

type Absence = { readonly client: number; readonly channel: number; readonly lostUs: number; backUs: number };

/** Notes when clients lose their connection and when they are subscribed again. Costs nothing while all is well. */
export type StormWatch = {
  readonly lost: (client: number, channel: number, atUs: number) => void;
  readonly subscribed: (client: number, atUs: number) => void;
  /** Of the first loss of each client from this instant on. */
  readonly figures: (fromUs: number, journal: Omit<Journal, 'window'>) => StormFigures;
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
    figures: (fromUs, journal) => {
      const first = new Map<number, Absence>();
      for (const absence of absences) {
        if (absence.lostUs >= fromUs && !first.has(absence.client)) first.set(absence.client, absence);
      }
      return figuresOf([...first.values()], journal);
    },
  };
}

/** Of absences of different clients. */
function figuresOf(absences: readonly Absence[], { updates, receipts, echo }: Omit<Journal, 'window'>): StormFigures {
  const back = createRecorder();
  const wanted = new Map<number, number>();
  const caughtUpUs: number[] = [];
  let missedUpdates = 0;
  for (const absence of absences) {
    const { client, lostUs, backUs } = absence;
    const isBack = Number.isFinite(backUs);
    if (isBack) back.record(backUs - lostUs);
    const { missed, newest } = acceptedMeanwhile(absence, updates, echo);
    missedUpdates += missed;
    if (missed > 0) wanted.set(client, newest);
    else if (isBack) caughtUpUs.push(backUs);
  }
  receipts.forEach((client, version, receivedUs) => {
    const newest = wanted.get(client);
    // Where newer replaces older, that very version may never come.
    if (newest === undefined || version < newest) return;
    wanted.delete(client);
    caughtUpUs.push(receivedUs);
  });
  return {
    cut: absences.length,
    back: back.encoded(),
    missedUpdates,
    behind: absences.length - caughtUpUs.length,
    firstLostUs: least(absences.map(({ lostUs }) => lostUs)),
    caughtUpUs: caughtUpUs.length === 0 ? null : Math.max(...caughtUpUs),
  };
}

function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values);
}

/** How many updates for it a client missed, and the newest of them. Without `echo` its own are not for it. */
function acceptedMeanwhile({ client, channel, lostUs, backUs }: Absence, updates: Journal['updates'], echo: boolean) {
  let missed = 0;
  let newest = 0;
  for (const [row, acceptedUs] of updates.acceptedUs.entries()) {
    if (updates.channel[row] !== channel || acceptedUs < lostUs || acceptedUs > backUs) continue;
    if (!echo && updates.publisher[row] === client) continue;
    missed++;
    newest = updates.version[row]!;
  }
  return { missed, newest };
}
