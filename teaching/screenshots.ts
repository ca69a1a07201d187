import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { projectRoot } from '../machine/host/project-root.ts';
import { chromiumCommands, findCommand } from '../machine/host/system-tools.ts';
import { renderReport } from '../report/page/html.ts';
import { readReference } from './documents.ts';

/** `npm run screenshots`: takes the pictures under docs/ from the report of the reference run. */
const executablePath = process.env.CHROMIUM ?? findCommand(...chromiumCommands);
if (executablePath === undefined) {
  console.error(
    'screenshots: Chromium is missing; install it (Debian: apt-get install chromium) or set CHROMIUM to its path',
  );
  process.exit(2);
}
/** In pixels; wide enough to show four transports in one row. */
const width = 1160;
const air = 24;

const directory = mkdtempSync(join(tmpdir(), 'pvw-screenshots-'));
try {
  await takePictures(executablePath);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function takePictures(executable: string): Promise<void> {
  const file = join(directory, 'report.html');
  writeFileSync(file, await renderReport(readReference('full').run));
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  const args = process.getuid?.() === 0 ? [...quiet, '--no-sandbox'] : quiet;
  const browser = await chromium.launch({ executablePath: executable, args });
  try {
    const page = await browser.newPage({ viewport: { width, height: 1300 }, colorScheme: 'light' });
    // Without animation, no chart is captured half drawn.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(pathToFileURL(file).href);
    await page.waitForTimeout(500);
    await pictureCost(page, 'docs/report-cost-of-freshness.png');
    await pictureVerdict(page, 'docs/report.png');
    await pictureScenario(page, 'docs/report-chat-room.png');
  } finally {
    await browser.close();
  }
}

/** The section on the cost of freshness. */
async function pictureCost(page: Page, path: string): Promise<void> {
  const box = await page.locator('#freshness').boundingBox();
  if (!box) throw new Error('the report shows no cost of freshness: the reference run needs the dashboard');
  await picture(page, path, { from: box.y, to: box.y + box.height });
}

/** From the top of the page to the end of the first scenario's verdicts; the others follow the same pattern. */
async function pictureVerdict(page: Page, path: string): Promise<void> {
  const box = await page.locator('#verdict .answers').first().boundingBox();
  if (!box) throw new Error('the report shows no verdict: the reference run needs three repeats of its first scenario');
  await picture(page, path, { from: 0, to: box.y + box.height });
}

/** The charts of the first scenario. */
async function pictureScenario(page: Page, path: string): Promise<void> {
  const box = await page.locator('section.scenario .charts').first().boundingBox();
  if (!box) throw new Error('the report shows no scenario');
  await picture(page, path, { from: box.y, to: box.y + box.height });
}

/** Captures the page between two heights in pixels at full width, with a margin below and, except at the top, above. */
async function picture(page: Page, path: string, { from, to }: Rows): Promise<void> {
  const y = Math.max(0, Math.floor(from) - air);
  const clip = { x: 0, y, width, height: Math.ceil(to) + air - y };
  await page.screenshot({ path: join(projectRoot, path), clip, fullPage: true });
  console.log(path);
}

type Rows = { readonly from: number; readonly to: number };
