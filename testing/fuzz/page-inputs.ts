import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderReport } from '../../report/page/html.ts';
import { readRun } from '../../results/store/read-run.ts';
import { closeBrowser, newContext } from '../commands/opened-page.ts';
import type { Kind } from './kind.ts';
import { writeReadableRun } from './run-inputs.ts';

const drawnWithinMs = 10_000;

/** Reports of hostile runs, opened in Chromium: no script of theirs runs, nothing is requested, everything is drawn. */
export const pageKind: Kind = {
  open: async () => {
    const context = await newContext();
    const home = mkdtempSync(join(tmpdir(), 'fuzz-'));
    const directory = join(home, 'run');
    const file = join(home, 'report.html');
    return {
      attempt: async (random) => {
        writeReadableRun(directory, random);
        writeFileSync(file, await renderReport(readRun(directory)));
        const page = await context.newPage();
        const seen: string[] = [];
        page.on('pageerror', (error) => seen.push(`error in the page: ${error.message}`));
        page.on('request', (request) => {
          if (request.url() !== pathToFileURL(file).href) seen.push(`requested ${request.url().slice(0, 200)}`);
        });
        try {
          await page.goto(pathToFileURL(file).href);
          await page.waitForSelector('html[data-drawn]', { timeout: drawnWithinMs });
          if ((await page.title()) === 'ran') seen.push('a script of the run has run');
        } catch (error) {
          seen.push(error instanceof Error ? error.message : String(error));
        } finally {
          await page.close();
        }
        return seen[0];
      },
      close: async () => {
        await closeBrowser();
        rmSync(home, { recursive: true, force: true });
      },
    };
  },
};
