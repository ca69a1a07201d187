import assert from 'node:assert/strict';
import { test } from 'node:test';
import picocolors from 'picocolors';
import type { CompletedTrial, Run, TrialRecord } from '../../results/schema/schema.ts';
import { failedFrom, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticRoutes, withStorm } from '../../testing/synthetic/synthetic-routes.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { renderMarkdown } from '../export/markdown.ts';
import { renderReport } from '../page/html.ts';
import { renderTerminal } from '../terminal/terminal.ts';

const colors = picocolors.createColors(false);

/** Three repeats of four transports with 200 clients, through NGINX. */
function stormy(alter: (trial: CompletedTrial) => TrialRecord, kind: 'node-killed' | 'proxy-reloaded' = 'node-killed') {
  const run = syntheticRun({
    scenarios: syntheticScenarios.slice(0, 1),
    routes: syntheticRoutes.filter(({ name }) => name === 'nginx'),
    alter,
  });
  return { ...run, record: { ...run.record, plan: { ...run.record.plan, storm: kind } } };
}

async function sectionOf(run: Run): Promise<string> {
  const page = await renderReport(run);
  return /<section id="storm"[\s\S]*?<\/section>/.exec(page.slice(page.indexOf('<body>')))?.[0] ?? '';
}

test('the storm first says whether anything was lost, then when clients were back', async () => {
  const calm = stormy((trial) => withStorm(trial, 80));
  const section = await sectionOf(calm);
  assert.match(
    section,
    /<strong>Nothing was lost: of [\d,]+ deliveries, [\d,]+ were missed at first and came by resuming\./,
  );
  assert.equal(section.match(/<polyline class="line /g)?.length, 4);
  assert.match(
    section,
    /Back were short polling \(240 of 600 clients cut\) half after [\d.]+ s and all after [\d.]+ s; /,
  );
  for (const text of [renderTerminal(calm, { colors, width: 2_000 }), renderMarkdown(calm)]) {
    assert.match(text, /- Reconnect storm \(a server was killed\): Nothing was lost: of /);
  }
  const losing = stormy((trial) => ({
    ...withStorm(trial, 200),
    ledger: { ...trial.ledger, lost: trial.transport === 'sse' ? 2 : 0 },
  }));
  const told = await sectionOf(losing);
  assert.match(told, /<strong>Updates were lost, which must not be: SSE 6\.<\/strong>/);
  assert.match(told, /<td class="lost">6<\/td>/);
});

test('each kind of storm has its own words: a killed server cuts only its own clients', async () => {
  const killed = await sectionOf(stormy((trial) => withStorm(trial, 80)));
  assert.match(killed, /into the window one of the servers was killed, so only clients that it had could be cut/);
  assert.doesNotMatch(killed, /all clients/);
  assert.match(killed, /<td>240 of 600<\/td>/);
  const reloaded = await sectionOf(
    stormy((trial) => {
      const cut = withStorm(trial, 200);
      return { ...cut, storm: { ...cut.storm!, kind: 'proxy-reloaded' } };
    }, 'proxy-reloaded'),
  );
  assert.match(reloaded, /into the window the proxy was reloaded: its old workers had one second/);
  assert.match(reloaded, /<td>600 of 600<\/td>/);
});

test('clients that the proxy kept connected are named and have no times', async () => {
  const run = stormy((trial) => {
    const cut = withStorm(trial, 200);
    const backMs = { ...cut.storm!.backMs, count: 0 };
    const storm = { ...cut.storm!, clientsCut: 0, caughtUpMs: null, missedUpdates: 0, connectionsMade: 0, backMs };
    return trial.transport.endsWith('polling') ? { ...cut, storm } : cut;
  });
  const section = await sectionOf(run);
  assert.match(section, /No client of short polling and long polling was cut: their connections end at the proxy/);
  assert.match(section, /Short polling<\/span><\/th><td>0 of 600<\/td><td>–<\/td>\n<td>–<\/td><td>–<\/td><td>–<\/td>/);
  assert.equal(section.match(/<polyline class="line /g)?.length, 2);
});

test('clients that never came back or never caught up are counted and have no time', async () => {
  const run = stormy((trial) => {
    const cut = withStorm(trial, 80);
    const storm = { ...cut.storm!, clientsCut: 82, clientsBehind: 2, caughtUpMs: null };
    return trial.transport === 'sse' && trial.block === 0 ? { ...cut, storm } : cut;
  });
  const section = await sectionOf(run);
  assert.match(section, /SSE \(242 of 600 clients cut\) half after [^;]+ and the last that came after [^;]+;/);
  assert.match(section, /Cut and not back when the trial ended: SSE 2 of 242\./);
  assert.match(section, /<td>2 never<\/td>/);
});

test('the storm does not present the bytes of first connects as the cost of coming back', async () => {
  const section = await sectionOf(stormy((trial) => withStorm(trial, 80)));
  assert.match(section, /What coming back took is not\nmeasured apart/);
  assert.match(section, /<th scope="col">connections made<\/th><th scope="col">bytes of a first connect<\/th>/);
  assert.match(section, /<td>0<\/td><td>240<\/td><td>390 B<\/td>/);
  const earlier = stormy((trial) => {
    const { connectionsMade: _, clientsBehind: __, ...storm } = withStorm(trial, 80).storm!;
    return { ...trial, storm };
  });
  assert.match(await sectionOf(earlier), /<td>0<\/td><td>–<\/td><td>390 B<\/td>/);
});

test('failed trials are counted, and a storm in which all failed says so', async () => {
  const some = stormy((trial) =>
    trial.transport === 'websocket' && trial.block < 2 ? failedFrom(trial, 'drain', 'died') : withStorm(trial, 80),
  );
  const section = await sectionOf(some);
  assert.match(section, /<strong>Nothing was lost in the trials that completed: of /);
  assert.match(section, /Trials that failed, and so are in none of this: WebSocket 2 of 3\./);
  const none = stormy((trial) => failedFrom(trial, 'drain', 'died'));
  const told = await sectionOf(none);
  assert.match(told, /<strong>No trial has completed, so nothing is known of who came back\.<\/strong>/);
  assert.match(
    told,
    /Trials that failed[^.]+: short polling 3 of 3, long polling 3 of 3, SSE 3 of 3 and WebSocket 3 of 3\./,
  );
  assert.doesNotMatch(told, /<table|<svg/);
  assert.match(await renderReport(none), /<a href="#storm">/);
  assert.match(renderMarkdown(none), /No trial has completed, so nothing is known/);
});

test('a run without a storm does not mention one', async () => {
  const run = syntheticRun({ scenarios: syntheticScenarios.slice(0, 1), repeats: 1 });
  assert.equal(await sectionOf(run), '');
  assert.doesNotMatch(await renderReport(run), /href="#storm"/);
});
