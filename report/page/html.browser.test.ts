import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { brokenAxeRules, closeBrowser, open, skip } from '../../testing/commands/opened-page.ts';
import { failedFrom, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { transportStyles } from '../markup/theme.ts';
import { renderReport } from './html.ts';

const hostile =
  '</script><script>document.title="owned"</script><img src=x onerror="document.title=1">\u202e\u001b[31m';
const directory = mkdtempSync(join(tmpdir(), 'pvw-report-'));
const pages = {
  good: join(directory, 'good.html'),
  troubled: join(directory, 'troubled.html'),
  empty: join(directory, 'empty.html'),
};
/** One scenario, because axe takes its time for each row of each table. */
const briefFile = join(directory, 'brief.html');
before(async () => {
  if (skip) return;
  writeFileSync(pages.good, await renderReport(syntheticRun()));
  writeFileSync(pages.troubled, await renderReport(troubledRun()));
  writeFileSync(briefFile, await renderReport(syntheticRun({ scenarios: syntheticScenarios.slice(0, 1) })));
  writeFileSync(pages.empty, await renderReport(syntheticRun({ status: 'running', ended: 0 })));
});

after(async () => {
  await closeBrowser();
  rmSync(directory, { recursive: true, force: true });
});

function troubledRun() {
  const run = syntheticRun({
    scenarios: [{ ...syntheticScenarios[0]!, title: hostile, summary: hostile }],
    status: 'interrupted',
    ended: 10,
    alter: (trial, index) => {
      if (index === 2) return failedFrom(trial, 'drain', hostile);
      return index === 3 ? { ...trial, ledger: { ...trial.ledger, lost: 1 } } : trial;
    },
  });
  return { ...run, record: { ...run.record, name: hostile, command: ['pvw', hostile], seed: hostile } };
}

for (const name of Object.keys(pages) as (keyof typeof pages)[]) {
  test(`the page of a run that is ${name} opens from a file without errors or requests`, { skip }, async () => {
    const { page, complaints } = await open(pages[name]);
    assert.equal(await page.title(), name === 'troubled' ? await shownHostile(page) : 'quick: polling vs WebSocket');
    assert.deepEqual(complaints, []);
    assert.equal(await page.locator('script').count(), 5);
    assert.equal(await page.locator('img').count(), 0);
    const text = await page.locator('body').innerText();
    assert.ok(!text.includes('\u202e') && !text.includes('\u001b'));
    await page.context().close();
  });
}

/** Asserts that the hostile text is shown as text. */
async function shownHostile(page: Page): Promise<string> {
  const title = await page.title();
  assert.ok(title.startsWith('</script><script>document.title="owned"'), title);
  return title;
}

test('every canvas is drawn in the colours of its transports', { skip }, async () => {
  const { page } = await open(pages.good);
  assert.equal(await page.locator('canvas').count(), 15);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const wanted = Object.values(transportStyles).map(({ color }) => color[colorScheme]);
    assert.deepEqual(await colorsStillMissing(page, wanted), []);
  }
  await page.context().close();
});

/** Waits, because a chart is drawn one frame after it is created, and a busy machine delays that frame. */
async function colorsStillMissing(page: Page, wanted: readonly string[]): Promise<readonly string[]> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const missing = await page.evaluate(colorsMissing, wanted);
    if (missing.length === 0 || performance.now() > deadline) return missing;
    await page.waitForTimeout(200);
  }
}

/** The parts of the DOM types that the test needs; it is compiled without them. */
type Canvas = {
  readonly width: number;
  readonly height: number;
  readonly dataset: Readonly<Record<string, string>>;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
  };
};
type Window = { readonly document: { querySelectorAll(selector: string): Iterable<Canvas> } };

/** Runs in the page. Lists the colours that each canvas lacks, with some tolerance because edges are smoothed. */
function colorsMissing(wanted: readonly string[]): readonly string[] {
  const canvases = [...(globalThis as unknown as Window).document.querySelectorAll('canvas')];
  return canvases.flatMap((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return wanted
      .filter((hex) => {
        const rgb = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
        for (let i = 0; i < data.length; i += 4) {
          if (rgb.every((value, channel) => Math.abs(data[i + channel]! - value) < 4) && data[i + 3]! > 200)
            return false;
        }
        return true;
      })
      .map((hex) => `${canvas.dataset.chart} ${canvas.dataset.scenario}: ${hex}`);
  });
}

for (const [name, file] of [
  ['good', briefFile],
  ['troubled', pages.troubled],
] as const) {
  test(`axe finds nothing in the ${name} page, light or dark`, { skip }, async () => {
    const { page } = await open(file);
    assert.deepEqual(await brokenAxeRules(page), []);
    await page.context().close();
  });
}

for (const name of ['good', 'troubled'] as const) {
  test(`nothing makes the ${name} page scroll sideways at any width, nor do open tables`, { skip }, async () => {
    const { page } = await open(pages[name]);
    for (const width of [2560, 1400, 800, 400]) {
      await page.setViewportSize({ width, height: 1000 });
      for (const opened of ['false', 'true']) {
        await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = ${opened}; })`);
        await page.waitForTimeout(100);
        const [content, window] = (await page.evaluate(
          '[document.documentElement.scrollWidth, innerWidth]',
        )) as number[];
        assert.ok(content! <= window!, `${content} in ${window}, details open: ${opened}`);
      }
    }
    await page.context().close();
  });
}

/** Boxes in pixels, as the browser draws them: [left, top, right, bottom]. */
const boxesScript = (selector: string) =>
  `[...document.querySelectorAll('svg.sequence')].map((svg) => [svg, ...svg.querySelectorAll('${selector}')].map((each) => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    return [left, top, right, bottom];
  }))`;

test('in the pictures of an exchange no dot hides another, and nothing leaves the picture', { skip }, async () => {
  const { page } = await open(pages.good);
  for (const width of [1400, 400]) {
    await page.setViewportSize({ width, height: 1000 });
    const dots = (await page.evaluate(boxesScript('.change'))) as Box[][];
    assert.equal(dots.length, 12);
    for (const [, ...of] of dots) {
      assert.ok(of.length >= 3);
      for (const [index, one] of of.entries()) for (const other of of.slice(index + 1)) assert.ok(isApart(one, other));
    }
    for (const [whole, ...parts] of (await page.evaluate(boxesScript('*'))) as Box[][]) {
      for (const part of parts) assert.ok(isWithin(part, whole!), `${part} in ${whole} at ${width}`);
    }
  }
  await page.context().close();
});

type Box = readonly [number, number, number, number];

function isApart(one: Box, other: Box): boolean {
  return one[2] <= other[0] || other[2] <= one[0] || one[3] <= other[1] || other[3] <= one[1];
}

function isWithin([left, top, right, bottom]: Box, whole: Box): boolean {
  return left >= whole[0] && top >= whole[1] && right <= whole[2] && bottom <= whole[3];
}

test('what the client sends up stands out from its questions in both themes', { skip }, async () => {
  const { page } = await open(pages.good);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const strokes = (await page.evaluate(
      `['ask', 'publish', 'input', 'other', 'acknowledgement', 'news'].map((kind) => {
        const style = getComputedStyle(document.querySelector('svg.sequence path.' + kind));
        return [style.stroke, style.strokeWidth, style.strokeDasharray].join(' ');
      })`,
    )) as readonly string[];
    const [ask, publish, input, other, ...rest] = strokes;
    // Another client's publish has its own column, so it may look like a question.
    assert.equal(new Set([ask, publish, input, ...rest]).size, 5);
    assert.equal(ask, other);
  }
  await page.context().close();
});

test('with scripts off, every table is readable and no empty chart shows', { skip }, async () => {
  const { page, complaints } = await open(pages.good, { javaScriptEnabled: false });
  const tables = page.locator('table');
  // Five charts and the model for each of three scenarios, the decision table, your numbers, and the table of every figure.
  assert.equal(await tables.count(), 21);
  for (const summary of await page.locator('#model summary').all()) await summary.click();
  for (const table of await tables.all()) assert.ok(await table.isVisible());
  for (const canvas of await page.locator('canvas').all()) assert.ok(!(await canvas.isVisible()));
  assert.ok(!(await page.locator('#theme').isVisible()));
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the theme button switches by keyboard and by click', { skip }, async () => {
  const { page, complaints } = await open(pages.good, { colorScheme: 'light' });
  const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
  assert.equal(await ground(), 'rgb(255, 255, 255)');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await ground(), 'rgb(18, 22, 27)');
  assert.equal(await page.locator('#theme').innerText(), 'Light theme');
  await page.locator('#theme').click();
  assert.equal(await ground(), 'rgb(255, 255, 255)');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the printed page is always light', { skip }, async () => {
  const { page, complaints } = await open(pages.good, { colorScheme: 'dark' });
  const pdf = await page.pdf({ format: 'A4' });
  assert.ok(pdf.length > 50_000);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor'), 'rgb(255, 255, 255)');
  assert.deepEqual(complaints, []);
  await page.context().close();
});
