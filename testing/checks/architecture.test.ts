import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../machine/host/project-root.ts';
import { circlesOf } from './circles.ts';
import { type Import, readImports } from './imports.ts';
import { sourceFiles } from './test-files.ts';

/**
 * Data flows one way: scenario → trial → result → analysis → report. The layers from the bottom up, with what each may
 * import from the layers below: a folder, or a single file. `types`: only with `import type`.
 */
type Row = { readonly code?: string; readonly types?: string };
const anything = 'anything';

const layers: Readonly<Record<string, typeof anything | Row>> = {
  text: {},
  machine: { code: 'text' },
  protocol: { types: 'machine/process' },
  network: { code: 'text machine protocol' },
  scenarios: { code: 'text protocol', types: 'network' },
  servers: { code: 'machine protocol network scenarios' },
  clients: { code: 'text machine protocol network scenarios' },
  // The schema takes the names of transports and of the parts of a path from the modules that declare them.
  results: { code: 'text protocol scenarios network/route/route.ts', types: 'network' },
  // Processes under measurement are started from their own bundles: the bench knows only their types.
  bench: { code: 'text machine protocol network scenarios results', types: 'servers clients' },
  // Mistakes are explained from the same table that the NGINX configuration is generated from.
  analysis: { code: 'text machine/process protocol scenarios results network/proxy/nginx-mistakes.ts' },
  report: { code: 'text protocol scenarios results analysis network/proxy/nginx-mistakes.ts' },
  contract: { code: 'text machine protocol network scenarios servers clients' },
  cli: { code: 'text machine protocol network scenarios servers results bench analysis report contract' },
  testing: anything,
  teaching: anything,
};

/** Names that do not say what is inside, so that anything ends up there. */
const namesThatSayNothing = /^(utils?|helpers?|common|types|managers?|misc|shared|lib)(\.ts)?$/;

/** The most sources directly in one folder; tests do not count. */
const mostSources = 20;
const mostRootFolders = 18;

const files = sourceFiles(projectRoot);
const sources = files.filter((path) => !isTest(path));
const imports = readImports(projectRoot, files);
const code = imports.filter(({ from, to }) => !isTest(from) && !isTest(to));

function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

function layerOf(path: string): string {
  return path.split('/').length > 1 ? path.split('/')[0]! : '.';
}

function places(found: readonly Import[]): readonly string[] {
  return found.map(({ from, line, to }) => `${from}:${line} imports ${to}`);
}

test('every source file belongs to a layer of the table', () => {
  assert.ok(files.length > 400, `only ${files.length} files were found`);
  assert.deepEqual(
    files.filter((path) => !(layerOf(path) in layers)),
    [],
  );
});

test('each layer imports only what the table allows', () => {
  const forbidden = code.filter(({ from, to, typeOnly }) => {
    const row = layers[layerOf(from)];
    // Every layer may import a JSON file at the root, such as package.json.
    if (row === undefined || row === anything || layerOf(to) === '.' || layerOf(to) === layerOf(from)) return false;
    const allowed = [...words(row.code), ...(typeOnly ? words(row.types) : [])];
    return !allowed.some((place) => to === place || to.startsWith(`${place}/`));
  });
  assert.deepEqual(places(forbidden), []);
});

test('the table allows imports only from lower layers', () => {
  const order = Object.keys(layers);
  const upward = Object.entries(layers).flatMap(([layer, row]) =>
    row === anything
      ? []
      : [...words(row.code), ...words(row.types)]
          .filter((place) => order.indexOf(layerOf(`${place}/`)) >= order.indexOf(layer))
          .map((place) => `${layer} may import ${place}`),
  );
  assert.deepEqual(upward, []);
});

test('servers and clients never import each other, not even in tests', () => {
  const sides = ['servers', 'clients'];
  const crossing = imports.filter(
    ({ from, to }) => sides.includes(layerOf(from)) && sides.includes(layerOf(to)) && layerOf(from) !== layerOf(to),
  );
  assert.deepEqual(places(crossing), []);
});

test('apart from tests, only testing and teaching import from testing', () => {
  const scripts = ['testing', 'teaching'];
  const served = code.filter(({ from, to }) => layerOf(to) === 'testing' && !scripts.includes(layerOf(from)));
  assert.deepEqual(places(served), []);
});

test('no files import each other in a circle, types included', () => {
  assert.deepEqual(circlesOf(code), []);
});

test('no folders import each other in a circle', () => {
  const between = code
    .map(({ from, to }) => ({ from: posix.dirname(from), to: posix.dirname(to) }))
    .filter(({ from, to }) => from !== to);
  assert.deepEqual(circlesOf(between), []);
});

test('no folder has too many sources, and the root does not have too many folders', () => {
  const rooms = new Map<string, number>();
  for (const path of sources) rooms.set(posix.dirname(path), (rooms.get(posix.dirname(path)) ?? 0) + 1);
  assert.deepEqual(
    [...rooms].filter(([, count]) => count > mostSources),
    [],
  );
  const folders = readdirSync(projectRoot, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name);
  assert.ok(folders.length <= mostRootFolders, folders.join(' '));
});

test('no barrel files', () => {
  const reexports = files.filter((path) => /^export\s+(type\s+)?(\*|\{[^}]*\})[^;]*\sfrom\s/m.test(sourceOf(path)));
  assert.deepEqual(reexports, []);
  assert.deepEqual(
    files.filter((path) => basename(path) === 'index.ts'),
    [],
  );
});

test('no folder or file has a name that does not say what is inside', () => {
  const found = files.filter((path) => path.split('/').some((part) => namesThatSayNothing.test(part)));
  assert.deepEqual(found, []);
});

function words(text: string | undefined): readonly string[] {
  return text?.split(' ') ?? [];
}

function sourceOf(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}
