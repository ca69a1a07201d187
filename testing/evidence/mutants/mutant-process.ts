import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** Where tests run. `root`: the project; `directory`: for generated files, which can import the project's packages. */
export type Place = { readonly root: string; readonly directory: string; readonly reporter: string };

export type Attempt = {
  readonly module: string;
  /** Replaces the content of the module's file. */
  readonly source: string;
  readonly tests: readonly string[];
  readonly timeoutMs: number;
};

export type Outcome =
  | { readonly end: 'passed'; readonly tests: number; readonly loaded: boolean; readonly tookMs: number }
  /** `timeout`: the tests did not end in time; `no-code`: the sources could not be bundled. */
  | { readonly end: 'failed' | 'timeout' | 'no-code' };

/** Builds the reporter as JavaScript, because the processes of mutants load no TypeScript. Returns its path. */
export async function writeReporter(directory: string): Promise<string> {
  const outfile = join(directory, 'first-failure.mjs');
  await build({ entryPoints: [join(import.meta.dirname, 'first-failure.ts')], outfile, format: 'esm' });
  return outfile;
}

let attempts = 0;

/**
 * Runs test files in a separate process with one module's source replaced. All that they import is bundled into one
 * file: that starts several times faster than a loader, and touches no file of the project.
 */
export async function runTests(place: Place, attempt: Attempt): Promise<Outcome> {
  const outfile = join(place.directory, `${++attempts}.mjs`);
  try {
    await bundle(place.root, attempt, outfile);
  } catch {
    return { end: 'no-code' };
  }
  return await runFile(place, outfile, attempt.timeoutMs);
}

async function bundle(root: string, { module, source, tests }: Attempt, outfile: string): Promise<void> {
  await build({
    stdin: { contents: tests.map((path) => `import ${JSON.stringify(`./${path}`)};`).join('\n'), resolveDir: root },
    absWorkingDir: root,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    treeShaking: false,
    logLevel: 'silent',
    plugins: [sourcesOf(root, module, source)],
  });
}

/** Loads the sources of the project: one of them is replaced, and `import.meta` is adapted in all. */
function sourcesOf(root: string, module: string, source: string): Plugin {
  return {
    name: 'sources',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const isMutant = relative(root, path).split(sep).join('/') === module;
        const text = isMutant ? source : readFileSync(path, 'utf8');
        const loaded = isMutant ? 'globalThis.mutantLoaded = true;' : '';
        return { contents: `${loaded}${withPlace(path, text)}`, loader: 'ts' };
      });
    },
  };
}

/** Replaces `import.meta`, which in one bundled file would be that of the bundle. */
function withPlace(path: string, text: string): string {
  if (!text.includes('import.meta')) return text;
  const meta = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
  return `const importMeta$ = ${JSON.stringify(meta)};${text.replaceAll('import.meta', 'importMeta$')}`;
}

async function runFile({ root, reporter }: Place, file: string, timeoutMs: number): Promise<Outcome> {
  const startMs = performance.now();
  const options = [`--test-reporter=${reporter}`, '--test-reporter-destination=stdout', '--max-old-space-size=1024'];
  // With this variable set, Node would report to the runner of the test that called it, not to the reporter.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, [...options, file], { cwd: root, env, stdio: ['ignore', 'pipe', 'ignore'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  if (late) return { end: 'timeout' };
  const said = code === 0 ? /\{"passed":(\d+),"loaded":(true|false)\}$/.exec(printed) : null;
  if (said === null) return { end: 'failed' };
  const tookMs = performance.now() - startMs;
  return { end: 'passed', tests: Number(said[1]), loaded: said[2] === 'true', tookMs };
}
