import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Command } from 'commander';
import { addCalibrate } from '../../cli/calibrate.ts';
import { addCapacity } from '../../cli/capacity.ts';
import { addCompare } from '../../cli/compare.ts';
import { addDoctor } from '../../cli/doctor.ts';
import { addInitScenario } from '../../cli/init-scenario.ts';
import { addList } from '../../cli/list.ts';
import { checkOutcome } from '../../cli/options/outcome-options.ts';
import type { PredictionOptions } from '../../cli/options/prediction-options.ts';
import type { RunOptions } from '../../cli/options/run-options.ts';
import { addPredict } from '../../cli/predict.ts';
import { questionRequested } from '../../cli/prediction/question.ts';
import { addReport } from '../../cli/report.ts';
import { checkPlan } from '../../cli/request/check-plan.ts';
import { planRequested } from '../../cli/request/plan-request.ts';
import { askedFor } from '../../cli/request/scenario-arguments.ts';
import { addRun } from '../../cli/run.ts';
import type { SweepOptions } from '../../cli/sweep/sweep-options.ts';
import { pointsRequested, sweepPlan } from '../../cli/sweep/sweep-request.ts';
import { addSweep } from '../../cli/sweep.ts';
import { projectRoot } from '../../machine/host/project-root.ts';
import { exampleScenario } from '../../scenarios/file/scenario-example.ts';
import { markdownFiles } from './markdown-files.ts';

const texts = markdownFiles(projectRoot).map((path) => ({ path, text: readFileSync(join(projectRoot, path), 'utf8') }));

// The files that the documents mention, in the directory where the commands run.
const directory = mkdtempSync(join(tmpdir(), 'pvw-commands-'));
for (const name of ['my.yaml', 'order.yaml']) {
  writeFileSync(join(directory, name), exampleScenario(name));
}
writeFileSync(join(directory, 'arrivals.txt'), '0\n120\n500\n');

/** The limits of a large machine, so that the result does not depend on the machine that runs the check. */
const large = { openFiles: Number.POSITIVE_INFINITY, ephemeralPorts: 60_000, memoryBytes: Number.POSITIVE_INFINITY };

/**
 * Every `pvw` and `npm start` command of a document, the latter as `pvw run`. Those with an omission (`…`) are skipped.
 */
function commandsOf(text: string): readonly string[] {
  const fences = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, body]) =>
    body!.replace(/\s*\\\n\s*/g, ' ').split('\n'),
  );
  const inline = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
  return [...fences, ...inline]
    .map((line) =>
      line
        .replace(/\s+(#|>).*$/, '')
        .replace(/^.*&& /, '')
        .trim(),
    )
    .filter((line) => /^(npx )?pvw( |$)|^npm start/.test(line) && !line.includes('…'))
    .map((line) => line.replace(/^npx /, '').replace(/^npm start( --)?/, 'pvw run'));
}

/** Splits a line into words as a shell does. Quotes work only around whole words. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare!);
}

/** Parses a line with the real command, but runs no verb; `run` only checks its plan. Throws what a user would see. */
async function rehearse(line: string): Promise<void> {
  const program = new Command('pvw').exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  const end = () => {};
  addRun(program, end, []);
  for (const add of [addReport, addCompare, addList, addInitScenario, addDoctor]) add(program, end);
  addPredict(program, end, []);
  addCalibrate(program, end, []);
  addSweep(program, end, []);
  addCapacity(program, end, []);
  for (const verb of program.commands) {
    verb.exitOverride().action(async (first: unknown, second: unknown) => {
      if (verb.name() === 'run') await rehearseRun(first as readonly string[], second as RunOptions);
      if (verb.name() === 'predict') await rehearsePrediction(first as string | undefined, second as PredictionOptions);
      if (verb.name() === 'sweep') await rehearseSweep(first as string | undefined, second as SweepOptions);
    });
  }
  await program.parseAsync(wordsOf(line).slice(1), { from: 'user' });
}

async function rehearseRun(words: readonly string[], options: RunOptions): Promise<void> {
  const plan = planRequested(await askedFor(words), options);
  checkPlan(plan, options, large);
  checkOutcome(options, plan);
}

/** What goes on has its options in its directory. */
async function rehearseSweep(word: string | undefined, options: SweepOptions): Promise<void> {
  if (word === undefined) return;
  const [asked] = await askedFor([word]);
  const points = pointsRequested(asked!, options);
  for (const { plan, request } of points) checkPlan(plan, request, large);
  checkOutcome(options, sweepPlan(points));
}

async function rehearsePrediction(word: string | undefined, options: PredictionOptions): Promise<void> {
  // The name of the verb alone, in a sentence.
  if (word === undefined && Object.keys(options).length === 0) return;
  const [asked] = await askedFor(word === undefined ? [] : [word]);
  questionRequested(asked, options);
}

describe('every command in the documents is valid', () => {
  // Other test files share this process, so the working directory is restored afterwards.
  const outside = process.cwd();
  before(() => process.chdir(directory));
  after(() => {
    process.chdir(outside);
    rmSync(directory, { recursive: true, force: true });
  });
  for (const { path, text } of texts) {
    for (const line of new Set(commandsOf(text))) {
      if (line === 'pvw') continue;
      test(`${path}: ${line}`, async () => {
        try {
          await rehearse(line);
        } catch (error) {
          if ((error as { readonly code?: string }).code !== 'commander.helpDisplayed') throw error;
        }
      });
    }
  }
});

test('every exercise has a command', () => {
  const { text } = texts.find(({ path }) => path === 'docs/exercises.md')!;
  for (const exercise of text.split(/^## /m).slice(1)) assert.ok(commandsOf(exercise).length > 0, exercise);
});

test('commands are found in a document, and an invalid one is refused', async () => {
  assert.deepEqual(commandsOf('```sh\nnpx pvw run x --quiet \\\n  --open   # remark\n```\n`npm start -- --json`'), [
    'pvw run x --quiet --open',
    'pvw run --json',
  ]);
  for (const wrong of [
    'pvw run chat-rom',
    'pvw run --poll-interval soon',
    'pvw run --no-such-option',
    'pvw run no-such-file.yaml',
    'pvw run chat-room --payload-bytes 1',
    "pvw run --threshold 'websocket.speed>3'",
    'pvw fly',
  ]) {
    await assert.rejects(rehearse(wrong), wrong);
  }
});
