import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { processesOf, type StartedCommand, startCommand, until } from '../../testing/commands/started-command.ts';

/** `pvw doctor --capacity` from start to end with real processes. Other tests, as in a run of all, do not keep it out. */
process.env.PVW_SHARE_MACHINE = '1';

const home = mkdtempSync(join(tmpdir(), 'pvw-capacity-'));
after(() => rmSync(home, { recursive: true }));

/** What is promised to scripts. */
type Told = {
  readonly carriedDeliveriesPerSecond: number | null;
  readonly firstLimit: { readonly what: string } | null;
  readonly firstLimitAtUpdatesPerSecond: number | null;
  readonly unfinishedAtUpdatesPerSecond: number | null;
  readonly error: unknown;
  readonly steps: readonly {
    readonly updatesPerSecond: number;
    readonly offeredPerSecond: number;
    readonly carriedPerSecond: number;
    readonly limit: { readonly what: string } | null;
  }[];
};

const limits = ['load', 'source', 'server', 'lag', 'lateness', 'source-late', 'undelivered'];

test('the steps are told on stderr, and what was carried and what limited on stdout', async () => {
  const command = startCommand(home, ['doctor', '--capacity', '--json']);
  assert.equal(await command.ended, 0, command.stderr());
  const told: Told = JSON.parse(command.stdout());
  assert.deepEqual(Object.keys(told), [
    'carriedDeliveriesPerSecond',
    'firstLimit',
    'firstLimitAtUpdatesPerSecond',
    'unfinishedAtUpdatesPerSecond',
    'error',
    'steps',
  ]);
  assert.equal(told.error, null);
  assertSteps(told, command.stderr());
  assertSums(told);
  assertNothingLeft(command);
});

/** Each step was carried or limited, and has its line on stderr in the same order. */
function assertSteps({ steps }: Told, stderr: string): void {
  const lines = stderr.match(/^[\d,]+(?= updates\/s: )/gm)?.map((rate) => Number(rate.replaceAll(',', '')));
  assert.deepEqual(
    lines,
    steps.map(({ updatesPerSecond }) => updatesPerSecond),
    stderr,
  );
  for (const { limit } of steps) assert.ok(limit === null || limits.includes(limit.what), JSON.stringify(limit));
  // Beside other tests even the first rate may be too high, and then there is no other.
  assert.ok(steps.length >= 2 || steps[0]?.limit, stderr);
}

function assertSums(told: Told): void {
  const { carriedDeliveriesPerSecond, firstLimit, firstLimitAtUpdatesPerSecond, steps } = told;
  const carried = steps
    .filter(({ limit }) => limit === null)
    .toSorted(byRate)
    .at(-1);
  const [limited] = steps.filter(({ limit }) => limit !== null).toSorted(byRate);
  assert.equal(carriedDeliveriesPerSecond, carried?.carriedPerSecond ?? null);
  assert.deepEqual(firstLimit, limited?.limit ?? null);
  assert.equal(firstLimitAtUpdatesPerSecond, limited?.updatesPerSecond ?? null);
  for (const { updatesPerSecond, offeredPerSecond } of steps) assert.equal(offeredPerSecond, updatesPerSecond * 20);
}

function byRate(a: Told['steps'][number], b: Told['steps'][number]): number {
  return a.updatesPerSecond - b.updatesPerSecond;
}

test('Ctrl-C in the first step ends it with 130 and without a result, and leaves nothing behind', async () => {
  const command = startCommand(home, ['doctor', '--capacity']);
  // Server, source and load.
  await command.until(() => processesOf(command.child).length >= 3);
  // As in a terminal: the whole foreground process group gets the signal.
  process.kill(-command.child.pid!, 'SIGINT');
  assert.equal(await command.ended, 130, command.stderr());
  assert.equal(command.stdout(), '');
  assert.equal(command.stderr(), 'stopping\n');
  await until(() => processesOf(command.child).length === 0);
  assertNothingLeft(command);
});

function assertNothingLeft({ child }: StartedCommand): void {
  assert.deepEqual(processesOf(child), []);
  assert.deepEqual(
    readdirSync(tmpdir()).filter((name) => name.startsWith(`pvw-${child.pid}-`)),
    [],
  );
}
