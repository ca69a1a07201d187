import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { renderReport } from '../../report/page/html.ts';
import type { Run } from '../../results/schema/schema.ts';
import { syntheticRun } from '../synthetic/synthetic.ts';
import { syntheticDashboard, syntheticScenarios } from '../synthetic/synthetic-scenarios.ts';
import type { Evidence, Finding } from './evidence.ts';

type Budget = { readonly name: string; readonly run: Run; readonly renderMs: number; readonly bytes: number };

const scenarios = [...syntheticScenarios, syntheticDashboard];
/** Repeats of the first scenario; the others add one block each. */
const manyRepeats = 500;
const loads = 5;
const interactiveMs = 1_000;

/** How long a report takes to make, how large it is, and how soon it can be used. */
export const reportEvidence: Evidence = {
  summary: 'time to render, size and time to interactive of reports of 24 and 2,012 synthetic trials',
  measure: async (say) => {
    const budgets: readonly Budget[] = [
      { name: 'quick', run: syntheticRun({ scenarios }), renderMs: 2_000, bytes: 1.5e6 },
      { name: 'large', run: syntheticRun({ scenarios, repeats: manyRepeats }), renderMs: 10_000, bytes: 6e6 },
    ];
    const directory = await mkdtemp(join(tmpdir(), 'pvw-report-'));
    try {
      const findings: Finding[] = [];
      for (const budget of budgets) findings.push(...(await measureReport(budget, directory, say)));
      return findings;
    } finally {
      await rm(directory, { recursive: true });
    }
  },
};

async function measureReport(
  { name, run, renderMs, bytes }: Budget,
  directory: string,
  say: (line: string) => void,
): Promise<readonly Finding[]> {
  const startMs = performance.now();
  const page = await renderReport(run);
  const tookMs = performance.now() - startMs;
  const size = Buffer.byteLength(page);
  const path = join(directory, `${name}.html`);
  writeFileSync(path, page);
  say(`${name}: ${run.trials.length} trials, ${Math.round(tookMs)} ms, ${size} bytes`);
  const opened = await timesToInteractive(pathToFileURL(path).href);
  return [
    {
      claim: `a report of ${run.trials.length} trials is made in under ${renderMs / 1000} s and ${bytes / 1e6} MB`,
      found: `${(tookMs / 1000).toFixed(2)} s, ${(size / 1e6).toFixed(2)} MB`,
      holds: tookMs < renderMs && size < bytes,
    },
    {
      claim: 'all its charts are drawn and its controls work in under 1 s in headless Chromium, median of five loads',
      found: opened.map((ms) => `${Math.round(ms)} ms`).join(', '),
      holds: opened[Math.floor(opened.length / 2)]! < interactiveMs,
    },
  ];
}

/** Milliseconds from the start of navigation to the end of the page's script, ascending. */
async function timesToInteractive(url: string): Promise<readonly number[]> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const times: number[] = [];
    for (let load = 0; load < loads; load++) {
      const page = await browser.newPage();
      await page.goto(url);
      await page.waitForSelector('html[data-drawn]');
      times.push(await page.evaluate('performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd'));
      await page.close();
    }
    return times.sort((a, b) => a - b);
  } finally {
    await browser.close();
  }
}
