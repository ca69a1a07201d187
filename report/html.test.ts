import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createStore } from '../results/store.ts';
import { syntheticRun } from '../results/synthetic.ts';
import { syntheticScenarios } from '../results/synthetic-scenarios.ts';
import { renderReport, writeReport } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTerminal } from './terminal.ts';

test('the page begins with the question, then the verdict, then the scenarios', async () => {
  const page = await renderReport(syntheticRun());
  const order = [
    '<h1>',
    'id="verdict"',
    'id="scenario-1"',
    'id="scenario-2"',
    'id="doubts"',
    'id="method"',
    'id="origin"',
  ];
  const places = order.map((text) => page.indexOf(text));
  assert.ok(
    places.every((place, index) => place > (places[index - 1] ?? 0)),
    places.join(),
  );
  assert.match(page, /WebSocket delivers <strong>\d+\.\d times<\/strong> sooner than short polling/);
  assert.match(page, /pvw run --profile quick --seed 42/);
  assert.equal(page.match(/Shown once: no verdict\./g)?.length, 4);
});

test('a transport against itself gets the rate of false differences in the place of verdicts', async () => {
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

test('the machine is told with what decides its figures, and an old record without it', async () => {
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

test('it says at the top that a run goes on or was interrupted', async () => {
  const running = await renderReport(syntheticRun({ status: 'running', ended: 4 }));
  assert.match(running, /<\/p>\s*<p class="notice caution" role="status">Not finished yet: 4 of 20 trials had ended\./);
  const interrupted = await renderReport(syntheticRun({ status: 'interrupted', ended: 4 }));
  assert.match(interrupted, /role="status">Interrupted: 4 of 20 trials had ended\./);
  assert.doesNotMatch(await renderReport(syntheticRun()), /role="status"/);
});

test('the policy allows the one script and the one style sheet, and no network', async () => {
  const page = await renderReport(syntheticRun());
  const hash = (element: string) => {
    const text = new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(page)![1]!;
    return createHash('sha256').update(text).digest('base64');
  };
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll('&#39;', "'");
  assert.ok(policy.startsWith("default-src 'none'; "));
  assert.ok(policy.includes(`script-src 'sha256-${hash('script')}'`));
  assert.ok(policy.includes(`style-src 'sha256-${hash('style')}'`));
  assert.doesNotMatch(page, /\s(src|srcset|style|onload|onclick)=|href="(?!#)|url\(|@import/);
});

test('it stays small and quick', async () => {
  await renderReport(syntheticRun());
  const run = syntheticRun({ repeats: 5 });
  const start = performance.now();
  const page = await renderReport(run);
  assert.ok(page.length < 1_500_000, `${page.length} bytes`);
  assert.ok(performance.now() - start < 10_000);
});

test('the report stands beside the run, whole, and replaces the one before', async () => {
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
