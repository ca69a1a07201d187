import assert from 'node:assert/strict';
import { test } from 'node:test';
import picocolors from 'picocolors';
import { analyseRun } from '../../analysis/comparison/run-analysis.ts';
import { compareRuns, pairRuns } from '../../analysis/comparison/run-comparison.ts';
import type { CompletedTrial, RouteRecord, Run } from '../../results/schema/schema.ts';
import { failedFrom, type SyntheticOptions, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticMistake, syntheticRoutes } from '../../testing/synthetic/synthetic-routes.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { figureMatrix, renderCsv } from '../export/csv.ts';
import { renderMarkdown } from '../export/markdown.ts';
import { configurationLines } from '../sentences/configuration-text.ts';
import { renderComparison } from '../terminal/compare-terminal.ts';
import { renderTerminal } from '../terminal/terminal.ts';
import { renderReport } from './html.ts';

const scenarios = syntheticScenarios.slice(0, 1);
const colors = picocolors.createColors(false);
const count = syntheticRoutes.length;
const single = (name: string) => syntheticRoutes.filter((route) => route.name === name);

function over(routes: readonly RouteRecord[], options: SyntheticOptions = {}): Run {
  return syntheticRun({ scenarios, routes, ...options });
}

function sectionOf(page: string, id: string): string {
  const body = page.slice(page.indexOf('<body>'));
  return new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(body)?.[0] ?? '';
}

/** The page of a run over every path, for the tests that only read it. */
const pageOfAllPaths = renderReport(over(syntheticRoutes));

test('several paths have a sentence on top, a block of bars per path, and a table per measure', async () => {
  const section = sectionOf(await pageOfAllPaths, 'paths');
  assert.match(
    section,
    /<h2 id="paths-title">Does the path change the answer\?<\/h2>\s*<p class="lead"><strong>[^<]{20,}</,
  );
  const tables = section.match(/<table class="by-path">[\s\S]*?<\/table>/g)!;
  // Latency, bytes and server CPU have all paths, the other tables only the paths that they concern.
  assert.deepEqual(
    tables.map((table) => table.match(/<tr>/g)!.length - 1),
    [count, count, 2, 2, 1, count, 3],
  );
  assert.equal(section.match(/<svg class="strip /g)?.length, count * 4);
  assert.match(section, /<strong>nginx\+tls over tls<\/strong><small>over TLS through NGINX with one node<\/small>/);
  assert.match(section, /× 0\.\d\d+ \(0\.\d\d+ to [01]\.\d\d+\)/);
  assert.match(section, /×: the ratio to direct where a row names no other, paired by block/);
  assert.match(section, /<p class="how">Nodes, proxy and backplane together, where the path has them\.<\/p>/);
  // Every cell lists the same layers, even those that its path does not have.
  assert.match(section, /<span>15\.7 kB<\/span> \+ <span>2\.64 kB<\/span>/);
  assert.match(section, /<span>15\.7 kB<\/span> \+ <span>0 B<\/span>/);
});

test('only WebSocket on the HTTP/2 path says that it runs over HTTP/1.1', async () => {
  const section = sectionOf(await pageOfAllPaths, 'paths');
  const notes = [...section.matchAll(/<td data-transport="([^"]*)">(?:(?!<\/td>).)*on HTTP\/1\.1 over TLS/g)];
  assert.deepEqual(
    notes.map(([, transport]) => transport),
    ['WebSocket', 'WebSocket', 'WebSocket'],
  );
});

test('too few repeats give medians, but no ratio or verdict', async () => {
  const section = sectionOf(await renderReport(over(syntheticRoutes, { repeats: 1 })), 'paths');
  assert.match(section, /Whether the path changes the answer cannot be told\. Shown once: no verdict\./);
  assert.match(section, /No ratios: they need three repeats\./);
  assert.doesNotMatch(section, /× \d/);
});

test('CPU that includes compiling is marked and not judged', async () => {
  const cold = (trial: CompletedTrial) => ({ ...trial, window: { ...trial.window, warmupMs: 500 } });
  const section = sectionOf(await renderReport(over(syntheticRoutes.slice(0, 2), { alter: cold })), 'paths');
  assert.equal(section.match(/<small class="note">cold<\/small>/g)?.length, 8);
  assert.match(section, /Cold: CPU that still holds compiling decides nothing\./);
});

test('a run over a single path names it wherever its conditions are listed', async () => {
  const run = over(single('nginx+tls'));
  const phrase = 'over TLS through NGINX with one node';
  const page = await renderReport(run);
  const body = page.slice(page.indexOf('<body>'));
  assert.match(body, /<span>Over TLS through NGINX with one node<\/span>/);
  assert.match(sectionOf(page, 'question'), new RegExp(phrase));
  assert.match(body, new RegExp(`<p class="condition">With 200 clients [^<]*RTT 40\u00a0ms, ${phrase}:`));
  assert.match(body, new RegExp(`<dt>Path</dt><dd>${phrase}</dd>`));
  assert.match(sectionOf(page, 'method'), /TLS: version 1\.3/);
  assert.match(sectionOf(page, 'method'), /NGINX is a real one/);
  assert.equal(sectionOf(page, 'paths'), '');
  const contained = /server CPU per published update: nodes, proxy and backplane together/;
  assert.match(body, contained);
  assert.match(renderTerminal(run, { colors, width: 200 }), new RegExp(phrase));
  assert.match(renderMarkdown(run), new RegExp(phrase));
  const plain = await renderReport(syntheticRun({ scenarios }));
  assert.doesNotMatch(plain, contained);
  assert.doesNotMatch(plain.slice(plain.indexOf('<body>')), /<dt>Paths? |NGINX is|TLS: version/);
});

test('commands for missing measurements keep the path', async () => {
  const page = await renderReport(over(single('nginx+tls'), { repeats: 1 }));
  assert.match(page, /pvw run chat-room --paths nginx\+tls --repeats 3/);
});

test('the proxy is shown with its configuration, its version and how it spread the clients', async () => {
  const section = sectionOf(await renderReport(over(single('nginx-2-nodes'))), 'proxy');
  assert.match(section, /NGINX 1\.22\.1 with one worker, in front of 2 nodes, chosen by address \(ip_hash\)\./);
  assert.match(section, /node 1<svg class="strip"[\s\S]*?<span class="sum">220, 55%<\/span>/);
  assert.match(section, /\n {4}ip_hash; <span class="comment"># the same network comes to the same node<\/span>\n/);
  const heads = [...section.matchAll(/<th scope="col">([^<]*)/g)].map(([, head]) => head);
  assert.deepEqual(heads, [
    'Transport',
    ...['CPU/update', 'nodes CPU/update', 'proxy CPU/update', 'backplane CPU/update'],
    ...['server CPU', 'nodes CPU', 'proxy CPU', 'backplane CPU', 'upstream connections'],
  ]);
});

test('a configuration keeps its lines, up to a limit', () => {
  const lines = configurationLines('a {\n\tb c; # why\n  # "#" alone\n  d "x#y";\n}\n\n');
  assert.deepEqual(lines, [
    { indent: 0, code: 'a {', comment: '' },
    { indent: 2, code: 'b c; ', comment: '# why' },
    { indent: 2, code: '', comment: '# "#" alone' },
    { indent: 2, code: 'd "x#y";', comment: '' },
    { indent: 0, code: '}', comment: '' },
  ]);
  const long = configurationLines(`${'x\n'.repeat(5_000)}${'y'.repeat(1_000_000)}`);
  assert.ok(long.length <= 601 && long.every(({ code }) => code.length <= 400));
});

test('hostile text in names of paths, configurations and versions stays text', async () => {
  const hostile = '</pre></script><img src=x onerror=alert(1)>\u202e\u001b[31m';
  const [nginx] = single('nginx');
  const named = { ...nginx!, name: hostile };
  const run = over([syntheticRoutes[0]!, named], {
    alter: (trial) => {
      const renamed = trial.path.route ? { ...trial, path: { ...trial.path, route: named, via: hostile } } : trial;
      const proxy = trial.proxy && { ...trial.proxy, version: hostile, configuration: `${hostile}\n  # ${hostile}` };
      return { ...renamed, ...(proxy && { proxy }) };
    },
  });
  const page = await renderReport(run);
  for (const raw of ['<img', '\u202e', '\u001b']) assert.ok(!page.includes(raw), JSON.stringify(raw));
  assert.equal(page.match(/<\/script/g)?.length, 5);
  const texts = [renderTerminal(run, { colors }), renderMarkdown(run), renderCsv(run).replaceAll('\r', '')];
  for (const text of texts) assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}|\u202e/u);
  assert.doesNotMatch(renderMarkdown(run), /[^\\]<img/);
});

test('a mistake is shown with its symptom, what happened, and the fix', async () => {
  const reason = 'the handshake was answered with 426';
  const mistake = { name: 'no-upgrade-headers', symptom: 'told above.' } as const;
  const run = over([syntheticMistake], {
    alter: (trial) =>
      trial.transport === 'websocket'
        ? { ...failedFrom(trial, 'connect', reason), mistake, proxyConfiguration: 'server { # of the failed one' }
        : { ...trial, ...(trial.proxy && { proxy: { ...trial.proxy, configuration: null } }) },
  });
  const page = await renderReport(run);
  const section = sectionOf(page, 'proxy');
  assert.match(section, /The headers of the upgrade are not passed on/);
  assert.match(section, /<li>WebSocket, connect: the handshake was answered with 426<\/li>/);
  assert.match(section, /proxy_set_header Upgrade \$http_upgrade/);
  assert.match(section, /server \{ <span class="comment"># of the failed one<\/span>/);
  const doubts = sectionOf(page, 'doubts');
  assert.match(doubts, /went wrong over a path with a mistake on purpose/);
  assert.match(doubts, /answered with 426\. The mistake no-upgrade-headers: told above\./);
});

test('with several paths, the table of every figure and the CSV name the path of each row', async () => {
  const run = over(syntheticRoutes.slice(0, 2));
  const figures = sectionOf(await renderReport(run), 'figures');
  assert.match(figures, /<th scope="col" class="path">Path<\/th>/);
  assert.match(figures, /<td class="transport sse">SSE<\/td><td class="path">tls<\/td>/);
  const [head, ...rows] = renderCsv(run).trimEnd().split('\r\n');
  assert.match(head!, /,unit,path$/);
  assert.deepEqual([...new Set(rows.map((row) => row.split(',').at(-1)))], ['direct', 'tls']);
  assert.ok(rows.every((row) => row.includes(',valid,')));
  const alone = over(single('tls'));
  assert.doesNotMatch(renderCsv(alone), /,path\r/);
  assert.doesNotMatch(sectionOf(await renderReport(alone), 'figures'), /class="path"/);
});

test('the matrix in the page has the figures of the trials on every path', () => {
  const run = over(syntheticRoutes.slice(0, 3), { repeats: 2 });
  const { trials, hasPaths } = figureMatrix(analyseRun(run));
  assert.deepEqual([hasPaths, trials.length], [true, run.trials.length]);
  assert.ok(trials.every(({ values, status }) => values !== null && status === 'valid'));
});

test('terminal and Markdown have the tables too, and no line is wider than the terminal', () => {
  const run = over(syntheticRoutes);
  for (const width of [40, 60, 80, 100, 200]) {
    const text = renderTerminal(run, { colors, width });
    // A command to copy may only be wrapped between words, so a long word may exceed the width.
    const wide = text.split('\n').filter((line) => line.length > width && line.trim().includes(' '));
    assert.deepEqual(wide, []);
    assert.match(text, /\nDoes the path change the answer\?\n/);
    assert.match(text, /nginx\+tls/);
  }
  assert.match(
    renderTerminal(run, { colors, width: 200 }),
    /\n×: ratio to direct; of nginx\+tls and h2 to tls; of nginx-2-nodes to nginx\. =: the same within 1%/,
  );
  assert.match(renderTerminal(run, { colors, width: 120 }), /\nh2 +[\d.]+ k?B ×0\.\d+ .*[\d.]+ k?B¹ [=×]/);
  const markdown = renderMarkdown(run);
  assert.match(markdown, /\n### Does the path change the answer\?\n\n\*\*/);
  assert.match(markdown, /\n\| Bytes per client and minute, at the sockets \| Short polling \|/);
  assert.match(markdown, /\n\| h2 over tls \| [\d.]+ k?B; × 0\.\d+ \(.*; on HTTP\/1\.1 over TLS/);
});

test('a ratio that reflects several differences says so', async () => {
  const run = over(syntheticRoutes.filter(({ name }) => ['direct', 'nginx+tls', 'h2'].includes(name)));
  const note = 'The ratio of nginx+tls contains TLS and the proxy. The ratio of h2 contains TLS and HTTP/2.';
  assert.ok(sectionOf(await renderReport(run), 'paths').includes(note));
  assert.ok(renderTerminal(run, { colors, width: 400 }).includes(note));
  assert.ok(!renderMarkdown(over(syntheticRoutes)).includes('The ratio of'));
});

test('failed trials and warnings name their path', () => {
  const run = over(syntheticRoutes.slice(0, 3), {
    alter: (trial, index) => {
      if (trial.path.route?.name === 'tls') return { ...trial, ledger: { ...trial.ledger, lost: 1 } };
      return index === 8 ? failedFrom(trial, 'drain', 'no') : trial;
    },
  });
  const text = renderTerminal(run, { colors, width: 200 });
  assert.match(text, /- chat-room, Short polling on nginx, block 0, drain: no\n/);
  assert.match(
    text,
    /- Invalid: chat-room, Short polling, Long polling, SSE, WebSocket on tls \(12 trials\): The ledger/,
  );
});

test('a comparison names a different path first, and is refused unless forced', () => {
  const pair = pairRuns(syntheticRun({ scenarios, rttMs: 80 }), over(single('nginx+tls')));
  const comparison = compareRuns(pair, { force: false });
  const [scenario] = comparison.scenarios;
  assert.deepEqual(
    [scenario?.status, scenario?.parameters.map(({ what, a, b }) => [what, a, b])],
    [
      'refused',
      [
        ['path', 'directly', 'over TLS through NGINX with one node'],
        ['round-trip time in ms', '80', '40'],
      ],
    ],
  );
  const text = renderComparison(comparison, { names: { a: 'a', b: 'b' }, width: 200, colors });
  assert.match(text, /- path: A directly, B over TLS through NGINX with one node\n/);
  const same = compareRuns(pairRuns(over(single('tls')), over(syntheticRoutes.slice(1, 3))), { force: false });
  assert.equal(same.scenarios[0]?.status, 'compared');
  assert.deepEqual(same.differences, [{ what: 'other paths', a: 'none', b: 'nginx' }]);
});

test('a user’s own path is shown with its address', async () => {
  const alter = (trial: CompletedTrial) => ({ ...trial, path: { ...trial.path, via: 'https://proxy.test:8443/' } });
  const page = await renderReport(syntheticRun({ scenarios, alter }));
  assert.match(page, /<dt>Path<\/dt><dd>through https:\/\/proxy\.test:8443\/<\/dd>/);
  assert.match(sectionOf(page, 'method'), /an address of the user’s own/);
});
