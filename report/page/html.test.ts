import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { askedOfCommand } from '../../results/schema/asked-of-command.ts';
import type { Run } from '../../results/schema/schema.ts';
import { createStore } from '../../results/store/store.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticDashboard, syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { renderMarkdown } from '../export/markdown.ts';
import { renderTerminal } from '../terminal/terminal.ts';
import { renderReport, writeReport } from './html.ts';

/** The page of an ordinary run, for the tests that only read it. */
const ordinaryPage = renderReport(syntheticRun());

test('the page begins with the question, then the verdict, then the scenarios', async () => {
  const page = await ordinaryPage;
  const order = [
    '<h1>',
    'id="question"',
    'id="verdict"',
    'id="decision"',
    'id="scenario-1"',
    'id="scenario-1-spectrum"',
    'id="scenario-1-bytes"',
    'id="scenario-1-cpu"',
    'id="scenario-1-memory"',
    'id="scenario-1-stale"',
    'id="scenario-2"',
    'id="figures"',
    'id="method"',
    'id="doubts"',
    'id="origin"',
    'id="data-files"',
  ];
  const body = page.slice(page.indexOf('<body>'));
  const places = order.map((text) => body.indexOf(text));
  assert.ok(
    places.every((place, index) => place > (places[index - 1] ?? 0)),
    places.join(),
  );
  assert.match(page, /WebSocket delivers <strong>\d+\.\d times<\/strong> sooner than short polling/);
  assert.match(page, /pvw run --profile quick --seed 42/);
  assert.equal(page.match(/Shown once: no verdict\./g)?.length, 4);
});

test('a transport run against itself shows the rate of false differences instead of verdicts', async () => {
  const run = syntheticRun({ aa: true, transports: ['sse'], scenarios: syntheticScenarios.slice(0, 1), repeats: 6 });
  const page = await renderReport(run);
  assert.match(page, /<h2 id="verdict-title">SSE against itself<\/h2>/);
  assert.match(
    page,
    /Against itself in 2 comparisons of three blocks: \d of 6 \(.*?95% interval .*? called different before Holm/,
  );
  assert.match(page, /<th scope="row">All<\/th><td>6<\/td>/);
  for (const text of [renderTerminal(run, { width: 200 }), renderMarkdown(run)]) {
    assert.match(text, /Against itself in 2 comparisons of three blocks: \d of 6/);
    assert.doesNotMatch(text, /No verdict|of 6 repeats|12 of 6/);
  }
});

test('the page describes what affects figures on the machine, and omits what an old record lacks', async () => {
  const run = syntheticRun();
  const page = await renderReport(run);
  assert.match(page, /<dt>Virtualisation<\/dt><dd>none<\/dd>/);
  assert.match(page, /<dt>Limits of the control group<\/dt><dd>no limit of CPU, 4\.0 GiB<\/dd>/);
  assert.match(page, /net\.core\.somaxconn 4096/);
  const { node, v8, platform, kernel, cpuModel, cores, memoryBytes, openFilesLimit } = run.record.environment;
  const { pinned, libraries, gitCommit } = run.record.environment;
  const machine = {
    node,
    v8,
    platform,
    kernel,
    cpuModel,
    cores,
    memoryBytes,
    openFilesLimit,
    pinned,
    libraries,
    gitCommit,
  };
  const old = { ...run.record, environment: { ...machine, congestionControl: 'bbr' } };
  const oldPage = await renderReport({ ...run, record: old });
  assert.match(oldPage, /<dd>bbr, where most systems have cubic<\/dd>/);
  assert.doesNotMatch(oldPage, /Virtualisation/);
});

test('the top of the page says that a run is still going on or was interrupted', async () => {
  const running = await renderReport(syntheticRun({ status: 'running', ended: 4 }));
  assert.match(running, /<\/p>\s*<p class="notice caution" role="status">Not finished yet: 4 of 20 trials had ended\./);
  const interrupted = await renderReport(syntheticRun({ status: 'interrupted', ended: 4 }));
  assert.match(interrupted, /role="status">Interrupted: 4 of 20 trials had ended\./);
  assert.doesNotMatch(await ordinaryPage, /role="status"/);
});

test('the policy allows only the page’s script and style sheet, and no network', async () => {
  const page = await ordinaryPage;
  const hash = (element: string) => {
    const text = new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(page)![1]!;
    return createHash('sha256').update(text).digest('base64');
  };
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll('&#39;', "'");
  assert.ok(policy.startsWith("default-src 'none'; "));
  assert.ok(policy.includes(`script-src 'sha256-${hash('script')}'`));
  assert.ok(policy.includes(`style-src 'sha256-${hash('style')}'`));
  // The script has templates of the same markup, with places for values.
  const markup = page.replace(/<script>.*?<\/script>/s, '');
  assert.doesNotMatch(markup, /\s(src|srcset|style|onload|onclick)=|href="(?!#)|url\(|@import/);
});

test('the page is small', async () => {
  const page = await renderReport(syntheticRun({ repeats: 5 }));
  assert.ok(page.length < 1_500_000, `${page.length} bytes`);
});

test('the report is written beside the run, all or nothing, and replaces the previous one', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-report-'));
  const { record, trials } = syntheticRun();
  const store = createStore(directory, record);
  store.append(trials[0]!);
  const path = await writeReport(directory);
  assert.equal(path, join(directory, 'report.html'));
  assert.match(readFileSync(path, 'utf8'), /Not finished yet: 1 of 20 trials/);
  store.append(trials[1]!);
  store.finish('interrupted', '2025-01-31T12:01:00.000Z');
  await writeReport(directory);
  assert.match(readFileSync(path, 'utf8'), /Interrupted: 2 of 20 trials/);
  assert.deepEqual(readdirSync(directory).sort(), ['report.html', 'run.json', 'trials.jsonl']);
  rmSync(directory, { recursive: true });
});

/** Copies of a few trials are enough: only the length of the page matters here. */
test('the page of a long run has its figures and stays small enough to mail', async () => {
  const few = syntheticRun({ repeats: 3 });
  const blocks = 500;
  const trials = Array.from({ length: blocks }, (_, block) =>
    few.trials
      .filter(({ scenario }) => scenario === 'chat-room')
      .slice(0, 4)
      .map((trial) => ({ ...trial, block })),
  ).flat();
  const [chat] = few.record.plan.scenarios;
  const plan = { ...few.record.plan, scenarios: [{ ...chat!, repeats: blocks }], trials: trials.length };
  const page = await renderReport({ record: { ...few.record, plan }, trials });
  assert.equal(trials.length, 2_000);
  assert.ok(page.length < 6_000_000, `${page.length} bytes`);
  assert.match(page, /This run is too long to be carried whole/);
  assert.doesNotMatch(page, /"encoded":"/);
});

/** The run as if it had been made by this command. */
function askedFor(run: Run, command: readonly string[]): Run {
  const record = { ...run.record, command: [...command] };
  return { ...run, record: { ...record, asked: askedOfCommand(record) } };
}

test('huge texts, markup and reordering characters do not get into the page', async () => {
  const hostile = `</script><img src=x onerror=alert(1)>\u202e\u001b[31m${'x'.repeat(3_000_000)}`;
  const [chat] = syntheticScenarios;
  const run = syntheticRun({ repeats: 3, scenarios: [{ ...chat!, name: hostile, title: hostile, summary: hostile }] });
  const page = await renderReport({ ...run, record: { ...run.record, command: ['pvw', hostile], name: hostile } });
  assert.ok(page.length < 2_000_000, `${page.length} characters`);
  for (const raw of ['<img', '\u202e', '\u001b']) assert.ok(!page.includes(raw), JSON.stringify(raw));
  assert.equal(page.match(/<\/script/g)?.length, 5);
});

test('a changed parameter or a given option is marked, with the usual value', async () => {
  const own = structuredClone(findScenario('chat-room')!);
  const run = syntheticRun({ scenarios: [{ ...own, clients: 250, pollIntervalMs: 500 }] });
  const command = ['pvw', 'run', 'chat-room', '--clients', '250', '--poll-interval=500ms', '--rtt', '40ms'];
  const page = await renderReport(askedFor(run, command));
  const marked = [...page.matchAll(/<div class="changed"><dt>([^<]*)<.*?class="by">([^<]*)</g)].map(
    ([, ...pair]) => pair,
  );
  assert.deepEqual(marked, [
    ['Clients', 'by --clients; the scenario has 100 clients in 10 channels'],
    ['Round trip', 'by --rtt'],
    ['Short polling asks every', 'by --poll-interval; the scenario has 1\u00a0s'],
  ]);
  const usual = await renderReport(askedFor(syntheticRun({ scenarios: [own] }), ['pvw']));
  assert.doesNotMatch(usual, /class="changed"/);
  const mine = syntheticRun({ scenarios: [{ ...own, name: 'mine' }] });
  const page2 = await renderReport(askedFor(mine, ['pvw', 'run', 'my.yaml', '--rate', '1']));
  assert.match(page2, /class="changed"><dt>Updates<.*class="by">by --rate</);
});

test('a question, chart or scenario without data names the command that adds it', async () => {
  const page = await ordinaryPage;
  assert.match(page, /No verdict: with fewer than 1,000 clients .*<code>pvw run chat-room --clients 1000<\/code>/);
  assert.match(
    page,
    /Shown once: no verdict\.\s*<span class="adds">To measure it: <code>pvw run online-game --repeats 3</,
  );
  assert.match(page, /Stated from 1,000 clients on, here are 200/);
  const [chat] = syntheticScenarios;
  const large = await renderReport(syntheticRun({ scenarios: [{ ...chat!, clients: 1_000 }] }));
  assert.match(large, /data-chart="memory"/);
  assert.match(large, /<h4>What does a connected client take\?<\/h4>[\s\S]*?server memory/);
  const empty = await renderReport(syntheticRun({ status: 'running', ended: 0 }));
  assert.match(empty, /No trial of this scenario has ended yet\. <span class="adds">/);
  assert.match(empty, /No trial has ended yet, so there is no figure\./);
});

test('each chart has a sentence on how to read it and one that explains it', async () => {
  const page = await renderReport(syntheticRun({ scenarios: [...syntheticScenarios, syntheticDashboard] }));
  const captions = [...page.matchAll(/<figcaption>([\s\S]*?)<\/figcaption>/g)].map(([, text]) => text!);
  // Six charts and the sequences of each scenario, and the cost of freshness.
  assert.equal(captions.length, 4 * 7 + 1);
  for (const caption of captions)
    assert.match(caption, /<p class="how">[^<]{40,}<\/p>\s*<p class="how why">[^<]{80,}<\/p>/);
});
