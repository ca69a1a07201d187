import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { trialWarnings } from '../../analysis/validity/validity.ts';
import { type Bundle, bundlePrograms } from '../../bench/local/bundle.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import { reasonOf } from '../../text/reason.ts';
import { countFronts, type HostileHop, silencing, startHostileHop, type WayName, ways } from './hostile-hop.ts';
import { type OracleResult, oracleScenario, runOracleTrial } from './oracle-trial.ts';

const scenario = oracleScenario({
  clients: 3,
  arrivals: { kind: 'poisson', perSecond: 50 },
  pollIntervalMs: 200,
});
const durationMs = 2_000;
/** What hangs does so for ever. Sixteen trials at once, some flooded, have taken 61 s on two cores of a busy host. */
const endsWithinMs = 150_000;

let bundle: Bundle;
before(async () => {
  bundle = await bundlePrograms();
});
after(() => bundle.remove());

/** `passed`: the updates that the hop wrote to clients. */
type Ended = { readonly result: OracleResult; readonly passed: number } | { readonly reason: string };

/** A trial whose peer turns hostile after the first updates. */
async function endOf(transport: Transport, way: WayName): Promise<Ended> {
  let hop: HostileHop | undefined;
  try {
    const result = await runOracleTrial(
      {
        scenario,
        transport,
        durationMs,
        warmupMs: 0,
        seed: 'hostile',
        intervene: () => ({
          load: async (config) => {
            hop = await startHostileHop(config.ports[0]!, way);
            return { ...config, ports: [hop.port] };
          },
        }),
      },
      bundle,
    );
    return { result, passed: hop!.passed() };
  } catch (error) {
    return { reason: reasonOf(error) };
  } finally {
    await hop?.close();
  }
}

/** Asserts that the books of a trial hold what the hop did; returns them as text. */
function judge(way: WayName, { record }: OracleResult, passed: number): string {
  const { ledger, counts } = record;
  const warnings = trialWarnings(record).map(({ text }) => text);
  const said = `${ledger.received} of ${ledger.expected}, ${passed} passed on, ${ledger.lost} lost; ${warnings.join('; ')}`;
  // What came is never more than what was sent, and what did not come is missing.
  assert.ok(ledger.received + ledger.conflated <= ledger.expected, said);
  assert.ok(ledger.received + ledger.duplicated <= passed, `garbage counts as received: ${said}`);
  if (silencing.has(way)) assert.ok(ledger.lost > 0, said);
  assert.ok(
    ledger.faults.length > 0 || counts.errors > 0 || counts.reconnects > 0,
    `${said} ${JSON.stringify({ ledger, counts })}`,
  );
  assert.ok(warnings.length > 0);
  return said;
}

test('the fronts of updates are counted once, however the bytes are cut', () => {
  const bytes = Buffer.from('\u0081~data: [1,20,3,{"a":[1,2]}]\n12:[2,30,3,"x"],junk [4,5,x', 'latin1');
  for (let size = 1; size <= bytes.length; size++) {
    const fronts = countFronts();
    let count = 0;
    for (let at = 0; at < bytes.length; at += size) count += fronts.add(bytes.subarray(at, at + size));
    assert.equal(count, 2, `in pieces of ${size}`);
  }
});

// Each mostly waits: for clients that connect anew, and for counters to settle.
describe('a peer that turns hostile in mid-trial is named', { concurrency: 4 }, () => {
  for (const way of Object.keys(ways) as WayName[]) {
    test(way, { timeout: 2 * endsWithinMs }, async (t) => {
      const ends = await Promise.all(
        transports.map(async (transport) => {
          const startedMs = performance.now();
          const ended = await endOf(transport, way);
          return { transport, ended, tookMs: performance.now() - startedMs };
        }),
      );
      for (const { transport, ended, tookMs } of ends) {
        await t.test(transport, (t) => {
          assert.ok(tookMs < endsWithinMs, `${tookMs} ms`);
          // Failed by a stage, with a reason; not by an error of the suite itself.
          if ('reason' in ended) assert.match(ended.reason, /^[a-z-]+ failed \([a-z-]+\): .+/);
          t.diagnostic('reason' in ended ? ended.reason : judge(way, ended.result, ended.passed));
        });
      }
    });
  }
});
