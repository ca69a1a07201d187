import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { numberKeys, type YourNumbers } from '../../analysis/model/prediction/your-numbers.ts';
import { projectRoot } from '../../machine/host/project-root.ts';
import { readRun } from '../../results/store/read-run.ts';
import { openCommand } from '../../testing/commands/asked-command.ts';
import { brokenAxeRules, closeBrowser, open, skip } from '../../testing/commands/opened-page.ts';
import { renderReport } from './html.ts';

const directory = mkdtempSync(join(tmpdir(), 'pvw-numbers-'));
const file = join(directory, 'report.html');
const asked = openCommand(directory);

before(async () => {
  if (!skip) writeFileSync(file, await renderReport(readRun(join(projectRoot, 'results/reference'))));
});
after(async () => {
  asked.stop();
  await closeBrowser();
  rmSync(directory, { recursive: true, force: true });
});

const usual: YourNumbers = {
  clients: 5000,
  channels: 10,
  perSecond: 0.5,
  payloadBytes: 300,
  pollIntervalMs: 1000,
  rttMs: 60,
  toleranceMs: 0,
  semantics: 'every',
};

const loads: readonly YourNumbers[] = [
  usual,
  { ...usual, clients: 50_000, channels: 1, perSecond: 0.2, toleranceMs: 2000 },
  { ...usual, clients: 7, channels: 7, perSecond: 0.013, payloadBytes: 1, rttMs: 0, pollIntervalMs: 10 },
  { ...usual, clients: 123_456, channels: 321, perSecond: 7.25, payloadBytes: 20_000, semantics: 'latest' },
];

async function type(page: Page, numbers: YourNumbers): Promise<void> {
  for (const key of numberKeys) await page.fill(`#numbers-form [name=${key}]`, String(numbers[key]));
  await page.selectOption('#numbers-form [name=semantics]', numbers.semantics);
}

/** Title and cells of each line. */
async function shownRows(page: Page): Promise<readonly (readonly string[])[]> {
  return await page.$$eval('#numbers-answer tr[data-row]', (rows) =>
    rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? '')),
  );
}

/** The same of the command that the page gives, from the table that it exports. */
async function commandRows(command: string): Promise<readonly (readonly string[])[]> {
  const table = join(directory, 'table.md');
  const { code, stderr } = await asked.ask(...command.split(' ').slice(2), '--export-markdown', table);
  assert.equal(code, 0, stderr);
  return readFileSync(table, 'utf8')
    .split('\n')
    .filter((line) => /^\| [^ |:]/.test(line))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.replaceAll('\\', '')),
    );
}

describe('your numbers', { skip }, () => {
  test('the page says what its command says, to the last digit', async () => {
    const { page, complaints } = await open(file);
    for (const numbers of loads) {
      await type(page, numbers);
      const command = await page.locator('#numbers-answer code').innerText();
      assert.deepEqual(await shownRows(page), await commandRows(command), command);
    }
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('the address keeps the numbers', async () => {
    const { page } = await open(file);
    await type(page, loads[1]!);
    const rows = await shownRows(page);
    const again = await page.context().newPage();
    await again.goto(page.url());
    assert.match(page.url(), /#numbers:clients=50000&/);
    assert.deepEqual(await shownRows(again), rows);
    assert.equal(await again.inputValue('#numbers-form [name=clients]'), '50000');
    await page.context().close();
  });

  test('a number that is not allowed is named, and the last answer stays', async () => {
    const { page } = await open(file);
    await type(page, usual);
    const rows = await shownRows(page);
    await page.fill('#numbers-form [name=clients]', '0');
    assert.match(await page.locator('#numbers-fault').innerText(), /^Clients: give a whole number from 1 to 1,000,000/);
    assert.deepEqual(await shownRows(page), rows);
    await page.fill('#numbers-form [name=clients]', '9');
    assert.match(await page.locator('#numbers-fault').innerText(), /^Channels: give no more than clients/);
    await page.fill('#numbers-form [name=clients]', '10');
    assert.ok(await page.locator('#numbers-fault').isHidden());
    await page.context().close();
  });

  test('measured points stay where they are when the numbers change, and the curve moves', async () => {
    const { page } = await open(file);
    const points = () =>
      page.$$eval('figure[data-cost] svg.wide g:not(.yours) .point', (all) => all.map((each) => each.outerHTML));
    const curve = () => page.locator('figure[data-cost] svg.wide .yours .curve').first().getAttribute('points');
    await type(page, usual);
    const [measured, drawn] = [await points(), await curve()];
    await page.fill('#numbers-form [name=payloadBytes]', '5000');
    assert.ok(measured.length > 0);
    assert.deepEqual(await points(), measured);
    assert.notEqual(await curve(), drawn);
    await page.context().close();
  });

  test('axe has no complaint', async () => {
    const { page } = await open(file);
    await page.evaluate('document.querySelectorAll("main > :not(#numbers, header)").forEach((each) => each.remove())');
    assert.deepEqual(await brokenAxeRules(page), []);
    await page.context().close();
  });
});
