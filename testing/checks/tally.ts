import { resolve } from 'node:path';

/** The parts of what node:test reports about an ended test that are counted here. */
export type EndedTest = {
  readonly name: string;
  readonly file?: string | undefined;
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly details: { readonly type?: string | undefined; readonly error?: unknown };
};

export type Counts = {
  readonly passed: number;
  readonly failed: number;
  /** Name and reason of each test that was skipped or is still to do. */
  readonly skipped: readonly string[];
  /** Files in which nothing ran: empty, or ended before the first test was reported. */
  readonly filesWithoutTests: readonly string[];
};

export type Tally = { readonly count: (test: EndedTest) => void; readonly counts: () => Counts };

/** What Node 20 gives as the reason of a test that `testNamePatterns` leaves out; later versions do not report it. */
const notAsked = 'test name does not match pattern';

/** Counts tests as they end. `files`: absolute paths of all that should run. */
export function createTally(files: readonly string[]): Tally {
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  const filesWithTests = new Set<string>();

  const count = (test: EndedTest) => {
    const failure = test.details.error !== undefined;
    const reason = test.skip ?? test.todo;
    if (reason === notAsked) return;
    if (isFile(test)) {
      // Node reports a file as a test of its own only when it ran none, or when it ended badly.
      if (failure) failed++;
      return;
    }
    const isSuite = test.details.type === 'suite';
    const isSkipped = reason !== undefined && reason !== false;
    // A suite alone runs nothing.
    if (test.file !== undefined && (!isSuite || isSkipped)) filesWithTests.add(test.file);
    // A test that is still to do has run, and counts if it failed.
    if (isSkipped && !(failure && !test.skip)) skipped.push(skippedName(test.name, reason));
    else if (isSuite) failed += failedByItself(test) ? 1 : 0;
    else if (failure) failed++;
    else passed++;
  };
  return {
    count,
    counts: () => ({ passed, failed, skipped, filesWithoutTests: files.filter((file) => !filesWithTests.has(file)) }),
  };
}

/** A suite also fails if one of its tests failed, which has already been counted. The failure of a hook has not. */
function failedByItself({ details: { error } }: EndedTest): boolean {
  return error !== undefined && (error as { readonly failureType?: unknown }).failureType !== 'subtestsFailed';
}

function isFile({ name, file }: EndedTest): boolean {
  return file !== undefined && resolve(name) === file;
}

function skippedName(name: string, reason: string | true): string {
  return reason === true || reason === '' ? name : `${name} (${reason})`;
}
