import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialWarnings } from '../../analysis/validity/validity.ts';
import type { Warning } from '../../analysis/validity/warning.ts';
import type { Transport } from '../../protocol/transport.ts';
import { drawFaults, type Lie, openFaults, openLie } from './faults.ts';
import { runTamperedTrials, type TamperedTrial } from './tampered-trials.ts';

function ledgerWarning({ result }: TamperedTrial): Warning | undefined {
  return trialWarnings(result.record).find(({ code }) => code === 'ledger-broken');
}

test('a hop that changes nothing has no effect: nothing is lost, and both ends count the same bytes', async (t) => {
  for (const trial of await runTamperedTrials(() => () => (update) => [update])) {
    await t.test(trial.transport, () => {
      const { ledger, bytes, counts } = trial.result.record;
      const received = trial.clients * trial.versions;
      assert.deepEqual([ledger.expected, ledger.received, ledger.faults], [received, received, []]);
      assert.deepEqual(
        [bytes.whole.serverReadBytes, bytes.whole.serverWrittenBytes, counts.errors],
        [bytes.whole.clientWrittenBytes, bytes.whole.clientReadBytes, 0],
      );
    });
  }
});

test('seeded drops, duplicates and swaps are counted exactly, and the trial is invalid', async (t) => {
  const trials = await runTamperedTrials((versions) => () => openFaults(drawFaults('faults', versions)));
  for (const trial of trials) {
    await t.test(trial.transport, () => {
      const { clients, versions, result } = trial;
      const { dropped, duplicated, reordered } = drawFaults('faults', versions);
      const { ledger } = result.record;
      assert.ok(Math.min(dropped.size, duplicated.size, reordered.size) > 0);
      const expected = { lost: dropped.size, duplicated: duplicated.size, outOfOrder: reordered.size };
      for (const name of ['lost', 'duplicated', 'outOfOrder'] as const) {
        assert.equal(ledger[name], clients * expected[name], name);
      }
      assert.equal(ledger.received, clients * (versions - dropped.size));
      assert.equal(ledger.clientsOutOfBalance, clients);
      const warning = ledgerWarning(trial);
      assert.equal(warning?.severity, 'invalid');
      assert.match(
        warning!.text,
        new RegExp(`${ledger.lost} lost, ${ledger.duplicated} duplicated, ${ledger.outOfOrder} out of order`),
      );
    });
  }
});

/** What the ledger of one client must show for each wrong version. */
const toldApart: Readonly<Record<Lie, (books: Books, trial: TamperedTrial, at: number) => void>> = {
  repeats: ({ lost, duplicated, outOfOrder }) => assert.deepEqual([lost, duplicated, outOfOrder], [0, 1, 0]),
  'jumps back': ({ lost, duplicated, outOfOrder }, { transport }) => {
    assert.deepEqual([duplicated, outOfOrder], [1, 0]);
    // A stream never sends it again; a polling client may ask again if it was the last update of an answer.
    if (isStream(transport)) assert.equal(lost, 1);
  },
  'jumps ahead': ({ lost, received, outOfOrder }, { transport, versions }, at) => {
    // Polling from a version that does not exist is answered with 410; a stream just goes on.
    if (isStream(transport)) assert.deepEqual([lost, received, outOfOrder], [0, versions, versions - at]);
  },
};

type Books = Pick<TamperedTrial['result']['record']['ledger'], 'lost' | 'received' | 'duplicated' | 'outOfOrder'>;

const isStream = (transport: Transport) => transport === 'sse' || transport === 'websocket';

/** Each over a transport that polls and one that streams, because that is what their ledgers differ by. */
const liesTold = [
  { lie: 'repeats', where: 'in the middle', over: ['short-polling', 'sse'] },
  { lie: 'jumps back', where: 'in the middle', over: ['long-polling', 'websocket'] },
  { lie: 'jumps ahead', where: 'in the middle', over: ['short-polling', 'websocket'] },
  // Nothing comes after it that could be out of order.
  { lie: 'jumps ahead', where: 'at the last update', over: ['long-polling', 'sse'] },
] as const;

for (const { lie, where, over } of liesTold) {
  test(`a server that sends a wrong version (${lie}, ${where}) makes the ledger of every client wrong, and the trial invalid`, async (t) => {
    const placed = (versions: number) => (where === 'in the middle' ? Math.floor(versions / 2) : versions);
    for (const trial of await runTamperedTrials((versions) => () => openLie(lie, placed(versions)), over)) {
      await t.test(trial.transport, (t) => {
        const { ledger } = trial.result.record;
        t.diagnostic(ledger.faults[0] ?? 'no fault');
        assert.equal(ledger.clientsOutOfBalance, trial.clients);
        assert.equal(ledgerWarning(trial)?.severity, 'invalid');
        const each = (name: keyof Books) => ledger[name] / trial.clients;
        const books = {
          lost: each('lost'),
          received: each('received'),
          duplicated: each('duplicated'),
          outOfOrder: each('outOfOrder'),
        };
        toldApart[lie](books, trial, placed(trial.versions));
      });
    }
  });
}
