import { createRecorder } from '../../machine/process/recorder.ts';
import type { Journal } from './settlement.ts';

/** Effects of cut connections on the clients of one process. Instants are in the trial clock's microseconds. */
export type StormFigures = {
  /** Clients whose connection ended. */
  readonly cut: number;
  /** Microseconds from losing the connection until subscribed again: an encoded recording. */
  readonly back: string;
  /** Updates accepted while their clients were disconnected. Resuming delivers them; if not, the ledger shows it. */
  readonly missedUpdates: number;
  /** Cut clients that never returned, or never received all that was accepted in their absence. */
  readonly behind: number;
  /** The first lost connection; null: none. */
  readonly firstLostUs: number | null;
  /** When the last of the other cut clients had caught up; null: none did. */
  readonly caughtUpUs: number | null;
};

type Absence = { readonly client: number; readonly channel: number; readonly lostUs: number; backUs: number };

/** Notes when clients lose their connection and when they are subscribed again. Does no work otherwise. */
export type StormWatch = {
  readonly lost: (client: number, channel: number, atUs: number) => void;
  readonly subscribed: (client: number, atUs: number) => void;
  /** Figures of each client's first loss from `fromUs` on. */
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

/** Figures of absences, one per client. */
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
    // With `latest`, that exact version may never come.
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

/** The number of updates that a client missed, and the newest of them. Without `echo`, its own are excluded. */
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
