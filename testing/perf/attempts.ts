/** What a process did for one delivery, and how many there were. */
export type CostSample = {
  /** CPU time of the measured process for each delivery, in microseconds. */
  readonly cpuUs: number;
  readonly perSecond: number;
};

/**
 * A sample that does not count: with more than this missing or too many, or with this median latency, something stood in
 * a queue. One read then carries several deliveries, and a delivery costs less.
 */
const mostOff = 0.01;
const mostP50Us = 5_000;
const attempts = 4;

/** A sample does not count; the message says why. */
export class Missed extends Error {
  override readonly name = 'Missed';
}

/** Whether two counts or rates are the same but for chance. */
export function agrees(found: number, wanted: number): boolean {
  return Math.abs(found / wanted - 1) <= mostOff;
}

/** Throws `Missed` if they do not agree. */
export function demandAgreement(what: string, found: number, wanted: number): void {
  if (!agrees(found, wanted)) throw new Missed(`${what}: ${Math.round(found)} in place of ${Math.round(wanted)}`);
}

/** Throws `Missed` if a median latency is too long, or if there is none. */
export function demandNoQueue(p50Us: number | null): void {
  if (p50Us === null) throw new Missed('no latency was seen');
  if (p50Us > mostP50Us) throw new Missed(`median latency ${(p50Us / 1000).toFixed(1)} ms`);
}

/** Tries again where a sample does not count. Throws `Missed` if none of them does. */
export async function attempted<T>(once: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof Missed) || attempt === attempts) throw error;
    }
  }
}
