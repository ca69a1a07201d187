import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { projectRoot } from '../../machine/host/project-root.ts';
import { type Import, readImports } from '../checks/imports.ts';
import { sourceFiles, testFiles } from '../checks/test-files.ts';
import type { Evidence, Finding } from './evidence.ts';
import { equivalents, unfitEntries } from './mutants/equivalents.ts';
import { killedShare, type ModuleReport, possibleIn, type Session, tryModule } from './mutants/module-report.ts';
import { type Asked, readOptions } from './mutants/mutant-options.ts';
import { writeReporter } from './mutants/mutant-process.ts';
import { type Module, modulesOf } from './mutants/rooms.ts';
import { percent, survivorLines, tableOf } from './mutants/table.ts';
import { formulaFindings } from './wrong-formulas.ts';

const least = { mutants: 150, perModule: 10, killed: 0.9 } as const;
const mostEquivalents = 0.05;
/** Printed for a module without possible mutants. */
const typesAlone = 'types alone';

/** Whether the tests of a module notice a wrong formula in it. */
export const mutantsEvidence: Evidence = {
  summary: 'formulas made wrong one at a time: the share that the fast tests of the module notice (--help for options)',
  hasOptions: true,
  measure: async (say, options) => {
    const asked = readOptions(options);
    const all = modulesOf(projectRoot);
    const modules = all.filter(({ path }) => path.includes(asked.module));
    if (asked.list) return listed(modules, say);
    const startMs = performance.now();
    const { reports, formulas } = await inSession(asked, async (session) => ({
      reports: await tryModules(session, modules, asked, say),
      formulas: await formulaFindings(session, modules),
    }));
    for (const line of tableOf(reports)) say(line);
    const minutes = (performance.now() - startMs) / 60_000;
    return [
      ...(modules.length === all.length ? [total(reports, minutes)] : []),
      ...formulas,
      ...reports.map((report) => ofModule(report)),
      ...equivalentFindings(reports),
    ];
  },
};

function listed(modules: readonly Module[], say: (line: string) => void): readonly Finding[] {
  const imports = importsOfProject();
  for (const { path } of modules) {
    const count = possibleIn(projectRoot, path, imports).possible.length;
    say(`${count === 0 ? typesAlone : String(count).padStart(typesAlone.length)}  ${path}`);
  }
  say(
    `${modules.length} modules in ${new Set(modules.map(({ room }) => room)).size} rooms, with their possible mutants`,
  );
  return [];
}

async function tryModules(
  session: Session,
  modules: readonly Module[],
  { perModule }: Asked,
  say: (line: string) => void,
): Promise<readonly ModuleReport[]> {
  const reports: ModuleReport[] = [];
  for (const module of modules) {
    const report = await tryModule(session, module, perModule);
    const nothingWrong = report.possible === 0;
    for (const line of [`${report.path}: ${nothingWrong ? typesAlone : summary(report)}`, ...survivorLines(report)])
      say(line);
    if (!nothingWrong) reports.push(report);
  }
  return reports;
}

/**
 * The directory is below `node_modules`: the project's packages are found from there, and it is not in the work tree.
 */
async function inSession<T>({ seed }: Asked, work: (session: Session) => Promise<T>): Promise<T> {
  const cache = join(projectRoot, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'mutants-'));
  try {
    return await work({
      place: { root: projectRoot, directory, reporter: await writeReporter(directory) },
      tests: testFiles(projectRoot, 'test'),
      imports: importsOfProject(),
      equivalents,
      seed,
      atOnce: availableParallelism(),
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function importsOfProject(): readonly Import[] {
  return readImports(projectRoot, sourceFiles(projectRoot));
}

function total(reports: readonly ModuleReport[], minutes: number): Finding {
  const mutants = sum(reports.map((report) => report.mutants));
  const killed = sum(reports.map((report) => report.killed));
  return {
    claim: `at least ${least.mutants} mutants of the modules between counters and figures were tried`,
    found: `${mutants} of ${reports.length} modules, ${killed} killed, in ${minutes.toFixed(1)} min`,
    holds: mutants >= least.mutants,
    figures: { mutants, killed, modules: reports.length },
  };
}

function ofModule(report: ModuleReport): Finding {
  const { path, possible, mutants } = report;
  const enough = Math.min(least.perModule, possible);
  return {
    claim: `${path}: ${percent(least.killed)} of at least ${enough} mutants are killed by its own fast tests`,
    found: summary(report),
    holds: mutants >= enough && killedShare(report) >= least.killed,
  };
}

function summary(report: ModuleReport): string {
  const { possible, mutants, killed, equivalents: same, fault } = report;
  const numbers = `${killed} of ${mutants} killed (${percent(killedShare(report))})`;
  return `${numbers}, ${same} equivalent, ${possible} possible${fault === undefined ? '' : `: ${fault}`}`;
}

function equivalentFindings(reports: readonly ModuleReport[]): readonly Finding[] {
  const mutants = sum(reports.map((report) => report.mutants));
  const same = sum(reports.map((report) => report.equivalents));
  const looked = new Set(reports.map(({ path }) => path));
  const others = modulesOf(projectRoot).filter(({ path }) => !looked.has(path));
  const unfit = unfitEntries(
    equivalents,
    reports.flatMap(({ known }) => known),
    others.map(({ path }) => basename(path)),
  );
  return [
    {
      claim: `at most ${percent(mostEquivalents)} of the mutants change nothing, each by a proof`,
      found: `${same} of ${mutants}`,
      holds: same <= mostEquivalents * mutants,
    },
    {
      claim: 'every entry in the table of equivalents is about exactly one mutant',
      found: unfit.length === 0 ? 'all' : unfit.map(({ file, before }) => `not once in ${file}: ${before}`).join('; '),
      holds: unfit.length === 0,
    },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
