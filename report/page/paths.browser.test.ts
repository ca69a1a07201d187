import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { RouteRecord, Run } from '../../results/schema/schema.ts';
import { brokenAxeRules, closeBrowser, open, skip } from '../../testing/commands/opened-page.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticRoutes, withStorm } from '../../testing/synthetic/synthetic-routes.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { renderCsv } from '../export/csv.ts';
import { transportStyles } from '../markup/theme.ts';
import { renderReport } from './html.ts';

const hostile = `</pre><img src=x onerror="document.title=1">\u202e${'#'.repeat(200)}`;
const directory = mkdtempSync(join(tmpdir(), 'pvw-paths-'));
const file = join(directory, 'paths.html');
/** The same sections with fewer rows: a rule that one row breaks, each breaks, and axe takes its time for each. */
const briefFile = join(directory, 'brief.html');
const run = runOver(2, syntheticRoutes);

before(async () => {
  if (skip) return;
  writeFileSync(file, await renderReport(run));
  const routes = syntheticRoutes.filter(({ name }) => ['direct', 'tls', 'nginx-2-nodes'].includes(name));
  writeFileSync(briefFile, await renderReport(runOver(1, routes)));
});

function runOver(scenarios: number, routes: readonly RouteRecord[]): Run {
  return syntheticRun({
    scenarios: syntheticScenarios.slice(0, scenarios),
    routes,
    alter: (trial) => {
      const storm = trial.proxy ? withStorm(trial, 200) : trial;
      const proxy = storm.proxy?.configuration && {
        ...storm.proxy,
        configuration: `${storm.proxy.configuration}${hostile}`,
      };
      return { ...storm, ...(proxy && { proxy }) };
    },
  });
}

after(async () => {
  await closeBrowser();
  rmSync(directory, { recursive: true, force: true });
});

test('axe finds nothing in the page of several paths, light or dark', { skip }, async () => {
  const { page, complaints } = await open(briefFile);
  for (const id of ['#paths', '#storm', '#proxy']) assert.ok(await page.locator(id).isVisible(), id);
  assert.deepEqual(await brokenAxeRules(page), []);
  assert.deepEqual(complaints, []);
  assert.equal(await page.locator('img').count(), 0);
  await page.context().close();
});

test('paths, proxy and storm stay within any width', { skip }, async () => {
  const { page } = await open(file);
  await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
  for (const width of [2560, 1400, 800, 400]) {
    await page.setViewportSize({ width, height: 1000 });
    await page.waitForTimeout(100);
    const [content, window] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[];
    assert.ok(content! <= window!, `${content} in ${window}`);
    for (const id of ['#paths', '#storm', '#proxy']) assert.ok(await page.locator(id).isVisible(), id);
  }
  await page.context().close();
});

test('the bars have the colours of their transports, and the longest fills its row', { skip }, async () => {
  const { page } = await open(file);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const [transport, { color }] of Object.entries(transportStyles)) {
      const fill = await page.evaluate(
        `getComputedStyle(document.querySelector('#paths .strip.${transport} .updates')).fill`,
      );
      const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color[colorScheme].slice(at, at + 2), 16));
      assert.equal(fill, `rgb(${r}, ${g}, ${b})`, transport);
    }
    const ends = (await page.evaluate(
      `[...document.querySelectorAll('#paths figure')].map((figure) => Math.max(...[...figure.querySelectorAll('.strip')]
        .map((bar) => bar.lastElementChild.getBoundingClientRect().right - bar.getBoundingClientRect().right)))`,
    )) as readonly number[];
    assert.ok(ends.length === 2 && ends.every((end) => Math.abs(end) < 1), ends.join());
  }
  await page.context().close();
});

test('with scripts off, everything is there', { skip }, async () => {
  const { page, complaints } = await open(file, { javaScriptEnabled: false });
  const bars = page.locator('#paths .strip');
  assert.equal(await bars.count(), 2 * syntheticRoutes.length * 4);
  assert.ok(await bars.first().isVisible());
  assert.ok(await page.locator('#proxy .conf').first().isVisible());
  for (const table of await page.locator('#paths table').all()) assert.ok(await table.isVisible());
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the CSV from the page equals that of the command, including paths', { skip }, async () => {
  const { page } = await open(file);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-file=csv]').click()]);
  assert.equal(readFileSync(await download.path(), 'utf8'), renderCsv(run));
  await page.context().close();
});

test('the table of every figure can be filtered by path', { skip }, async () => {
  const { page } = await open(file);
  await page.locator('#filter').fill('bytes.total WebSocket nginx+tls chat room');
  assert.match(await page.locator('#filter-told').innerText(), /^1 of \d+ rows$/);
  await page.context().close();
});
