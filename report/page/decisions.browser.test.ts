import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { analyseRun } from '../../analysis/comparison/run-analysis.ts';
import { closeBrowser, open, skip } from '../../testing/commands/opened-page.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { renderCsv } from '../export/csv.ts';
import { renderReport } from './html.ts';

/** Tests what readers do with the page: sort, filter, switch the reference, download the data, print. */
const directory = mkdtempSync(join(tmpdir(), 'pvw-decide-'));
const hostile = '</script><img src=x onerror="document.title=1">,=1+1\u202e\u001b[31m';
const [chat, ...others] = syntheticScenarios;
const run = syntheticRun();
const hostileRun = syntheticRun({
  scenarios: [{ ...chat!, name: hostile, title: hostile }, ...others],
});
const pages = { good: join(directory, 'good.html'), hostile: join(directory, 'hostile.html') };

/** One page for tests that work in whatever order its rows are: to open a page takes seconds of CPU. */
let shared: Awaited<ReturnType<typeof open>>;

before(async () => {
  if (skip) return;
  writeFileSync(pages.good, await renderReport(run));
  writeFileSync(pages.hostile, await renderReport(hostileRun));
  shared = await open(pages.good);
});

after(async () => {
  await closeBrowser();
  rmSync(directory, { recursive: true, force: true });
});

/** The visible texts of one column in the table of every figure. */
function column(page: Page, number: number): Promise<readonly string[]> {
  return page.locator(`#every-figure tbody tr:not([hidden]) > :nth-child(${number})`).allInnerTexts();
}

/** Evaluates an expression for each element, such as `each.dataset.by`. */
async function ofEach(page: Page, selector: string, expression: string): Promise<readonly unknown[]> {
  const script = `[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => ${expression})`;
  return (await page.evaluate(script)) as readonly unknown[];
}

test('every column sorts up, then down, and exposes its order', { skip }, async () => {
  const { page, complaints } = shared;
  const titles = await page.locator('#every-figure thead button').allInnerTexts();
  assert.equal(titles.length, 6);
  const rows = (await column(page, 1)).length;
  for (const [index, title] of titles.entries()) {
    const button = page.locator('#every-figure thead button').nth(index);
    for (const direction of ['ascending', 'descending']) {
      await button.click();
      const said = await ofEach(page, '#every-figure th[aria-sort]', '[each.cellIndex, each.ariaSort]');
      assert.deepEqual(said, [[index, direction]], title);
    }
    assert.equal((await column(page, 1)).length, rows);
  }
  assert.deepEqual(complaints, []);
});

test('medians sort by value, and empty ones come last in both directions', { skip }, async () => {
  const { page } = shared;
  const button = page.locator('#every-figure thead button').nth(3);
  for (const sign of [1, -1]) {
    await button.click();
    const values = await ofEach(page, '#every-figure tbody tr > :nth-child(4)', 'each.dataset.by');
    const known = values.filter((value) => value !== '').map(Number);
    assert.deepEqual(
      known,
      known.toSorted((a, b) => sign * (a - b)),
    );
    assert.ok(new Set(known).size > 50);
    assert.ok(values.slice(known.length).every((value) => value === ''));
  }
});

test('the filter shows the rows that contain every word', { skip }, async () => {
  const { page } = shared;
  await page.locator('#filter').fill('bytes.total WebSocket');
  assert.deepEqual((await column(page, 1)).toSorted(), ['Chat room', 'Live stream', 'Online game']);
  assert.match(await page.locator('#filter-told').innerText(), /^3 of \d+ rows$/);
  await page.locator('#filter').fill('');
  assert.ok((await column(page, 1)).length > 100);
});

test('the verdicts follow the chosen reference without a reload, and back', { skip }, async () => {
  const { page, complaints } = shared;
  await page.evaluate('window.stays = true');
  const first = await page.locator('#verdicts').innerText();
  assert.match(first, /sooner than short polling/);
  for (const transport of ['sse', 'long-polling', 'websocket'] as const) {
    await page.locator(`#reference input[value=${transport}]`).check();
    const expected = analyseRun(run, { reference: transport }).scenarios[0]!.comparisons;
    const shown = await page.locator('#verdicts').innerText();
    assert.notEqual(shown, first);
    const ofBytes = expected.find(({ question, reference }) => question === 'bytes' && reference === transport)!;
    const ratio = ofBytes.estimate!.ratio;
    const size = ratio < 1 ? 1 / ratio : ratio;
    const text = size >= 1.5 ? `${size.toPrecision(3)} times` : '%';
    assert.ok(shown.includes(text), `${transport}: ${text}`);
    assert.match(await page.locator('#reference-told').innerText(), /^Verdicts are compared with /);
  }
  await page.locator('#reference input[value=short-polling]').check();
  assert.equal(await page.locator('#verdicts').innerText(), first);
  assert.equal(await page.evaluate('window.stays'), true);
  assert.deepEqual(complaints, []);
});

/** The file that a button saves. */
async function saved(page: Page, kind: 'json' | 'csv'): Promise<{ readonly name: string; readonly text: string }> {
  const waiting = page.waitForEvent('download');
  await page.locator(`[data-file=${kind}]`).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

for (const [name, of] of [
  ['good', run],
  ['hostile', hostileRun],
] as const) {
  test(`the downloads of a ${name} run contain its data`, { skip }, async () => {
    const { page, complaints } = await open(pages[name]);
    const json = await saved(page, 'json');
    assert.equal(json.name, '20250131T120000-quick.json');
    assert.deepEqual(JSON.parse(json.text), JSON.parse(JSON.stringify(of)));
    const csv = await saved(page, 'csv');
    assert.equal(csv.name, '20250131T120000-quick.csv');
    assert.equal(csv.text, renderCsv(of));
    assert.deepEqual(
      complaints.filter((text) => !text.startsWith('request: blob:')),
      [],
    );
    await page.context().close();
  });
}

test('everything works by keyboard', { skip }, async () => {
  const { page, complaints } = await open(pages.good);
  const focused = () =>
    page.evaluate(
      '[document.activeElement.id, document.activeElement.name, document.activeElement.textContent].join("|")',
    );
  const reach = async (what: RegExp) => {
    for (let tabs = 0; tabs < 120; tabs++) {
      await page.keyboard.press('Tab');
      if (what.test(String(await focused()))) return;
    }
    assert.fail(`no way to ${what}`);
  };
  await reach(/^\|reference\|/);
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('#verdicts').getAttribute('data-reference'), 'long-polling');
  await reach(/^filter\|/);
  await page.keyboard.type('bytes.total');
  assert.equal((await column(page, 1)).length, 12);
  await reach(/\|Median$/);
  await page.keyboard.press('Enter');
  assert.deepEqual(await ofEach(page, '#every-figure th[aria-sort]', 'each.textContent'), ['Median']);
  await reach(/\|Download CSV$/);
  const waiting = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  assert.match((await waiting).suggestedFilename(), /\.csv$/);
  assert.deepEqual(
    complaints.filter((text) => !text.startsWith('request: blob:')),
    [],
  );
  await page.context().close();
});

test('with scripts off, verdicts, decision and figures are readable, and no dead control shows', {
  skip,
}, async () => {
  const { page } = await open(pages.good, { javaScriptEnabled: false });
  assert.match(await page.locator('#verdicts').innerText(), /sooner than short polling/);
  for (const id of ['#decision table', '#every-figure', '.without']) assert.ok(await page.locator(id).isVisible(), id);
  for (const id of ['#reference', '.filter', '.files']) assert.ok(!(await page.locator(id).isVisible()), id);
  assert.equal(await page.locator('#every-figure button').count(), 0);
  await page.context().close();
});

test('the printed page has several sheets and includes the tables', { skip }, async () => {
  const { page, complaints } = await open(pages.good);
  const pdf = await page.pdf({ format: 'A4' });
  assert.equal(pdf.subarray(0, 5).toString('latin1'), '%PDF-');
  const count = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  assert.ok(count > 3, `${count} pages`);
  await page.emulateMedia({ media: 'print' });
  for (const id of ['#reference', '.filter', '.files']) assert.ok(!(await page.locator(id).isVisible()), id);
  const [inner, outer] = (await page.evaluate(
    '[document.querySelector("#every-figure").offsetHeight, document.querySelector("#figures .scrollable").offsetHeight]',
  )) as number[];
  assert.ok(outer! >= inner!, 'no row is cut off');
  assert.deepEqual(complaints, []);
  await page.context().close();
});
