import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import axe, { type RunOptions } from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { chromiumCommands, findCommand } from '../../machine/host/system-tools.ts';

/**
 * For tests only: pages in a real Chromium, with what a report must not do: console output, errors, requests. The
 * headless shell is the same browser without its windows, and opens a page with less than half the CPU time.
 */
const executablePath = process.env.CHROMIUM ?? findCommand('chromium-headless-shell', ...chromiumCommands);
const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);

/** Why browser tests are skipped. Where tools are required they are not skipped, but fail. */
export const skip = !executablePath && !required && 'Chromium is missing: install it or set CHROMIUM to its path';

let browser: Promise<Browser> | undefined;

function launched(): Promise<Browser> {
  assert.ok(executablePath, 'Chromium is missing, and here it is required');
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  const args = process.getuid?.() === 0 ? [...quiet, '--no-sandbox'] : quiet;
  browser ??= chromium.launch({ executablePath, args });
  return browser;
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
}

/** A context of the browser that all tests of a file share, with cookies and connections of its own. */
export async function newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return await (await launched()).newContext(options);
}

/** Opens a page from its file and collects everything it should not do. */
export async function open(
  file: string,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const context = await newContext({ viewport: { width: 1400, height: 1000 }, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => request.url() !== url && complaints.push(`request: ${request.url()}`));
  await page.goto(url);
  return { page, complaints };
}

/**
 * The rules of axe that the page breaks in the light and in the dark theme, with all details open. The dark theme changes
 * only colours, so there only contrast is checked.
 */
export async function brokenAxeRules(page: Page): Promise<readonly string[]> {
  await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
  await page.evaluate(axe.source);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await runAxe(page, { resultTypes: ['violations'] });
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await runAxe(page, { resultTypes: ['violations'], runOnly: ['color-contrast'] });
  return [...light.map((rule) => `light: ${rule}`), ...dark.map((rule) => `dark: ${rule}`)];
}

async function runAxe(page: Page, options: RunOptions): Promise<readonly string[]> {
  return await page.evaluate(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
  );
}
