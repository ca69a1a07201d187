/** The parts of what node:test reports about an ended test that give the duration of its file. */
export type TimedTest = {
  readonly file?: string | undefined;
  /** 0: a top-level test. */
  readonly nesting: number;
  readonly details: { readonly duration_ms?: number | undefined };
};

export type FileTime = { readonly file: string; readonly seconds: number };

export type Durations = {
  readonly add: (test: TimedTest) => void;
  /** The files whose tests took longest, longest first. */
  readonly longest: (count: number) => readonly FileTime[];
};

/** Sums the wall-clock durations of the tests of each file, without the start of their process. */
export function createDurations(): Durations {
  const seconds = new Map<string, number>();
  return {
    add: ({ file, nesting, details }) => {
      if (file === undefined || nesting > 0) return;
      seconds.set(file, (seconds.get(file) ?? 0) + (details.duration_ms ?? 0) / 1000);
    },
    longest: (count) =>
      [...seconds]
        .map(([file, total]) => ({ file, seconds: total }))
        .sort((a, b) => b.seconds - a.seconds)
        .slice(0, count),
  };
}
