import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseRun } from '../analysis/comparison/run-analysis.ts';
import { syntheticRun } from '../testing/synthetic/synthetic.ts';
import { syntheticRoutes } from '../testing/synthetic/synthetic-routes.ts';
import { syntheticDashboard, syntheticScenarios } from '../testing/synthetic/synthetic-scenarios.ts';
import { documents, readDocument, readReference, renderDocument, type Sources } from './documents.ts';
import { withoutMarkers } from './markers/markers.ts';
import { pictures } from './pictures.ts';
import { captureSpecimens } from './specimens.ts';

const specimens = await captureSpecimens();
const synthetic: Sources = {
  analysis: analyseRun(syntheticRun({ scenarios: [...syntheticScenarios, syntheticDashboard] })),
  paths: () => analyseRun(syntheticRun({ scenarios: syntheticScenarios.slice(0, 1), routes: syntheticRoutes })),
  specimens,
};
const name = 'chat-room';
const fill = (text: string) => renderDocument('a.md', `x ${text}`, synthetic);

for (const path of documents) {
  test(`the numbers in ${path} match the reference run`, () => {
    const text = readDocument(path);
    const current = renderDocument(path, text, {
      analysis: readReference('full'),
      paths: () => readReference('paths'),
      specimens,
    });
    assert.ok(text === current, `${path} is not current; npm run docs renews it: ${firstDifference(text, current)}`);
  });
}

for (const [path, draw] of Object.entries(pictures)) {
  test(`${path} shows the record`, () => {
    assert.ok(readDocument(path) === draw(), `${path} is not current; npm run docs draws it again`);
  });
}

/** A number with a unit. Other numbers, such as the size of a length field, are spelled out or set as code. */
const measurement = /\b\d[\d,.]*\s?(ms|µs|kB|MB|GB|B|bytes|%|times)(?![\w/])/g;

test('the teaching text has no hand-typed measurement', () => {
  const text = readDocument('docs/why-websocket.md').replace(/```[\s\S]*?```|`[^`]*`/g, '');
  assert.deepEqual(withoutMarkers(text, 'contents').match(measurement), null);
  // Make sure that the pattern finds the numbers inside markers.
  assert.ok((withoutMarkers(text, 'comments').match(measurement) ?? []).length > 10);
});

test('figures, ratios and facts of a run are formatted as in the report', () => {
  assert.match(fill(`<!--figure ${name}.websocket.latency.p50-->?<!--/-->`), /-->\d[\d.]* m?s<!/);
  assert.match(fill(`<!--ratio ${name}.bytes.total sse/sse-->?<!--/-->`), /-->1<!/);
  assert.match(fill(`<!--run rtt-->?<!--/-->`), /-->40 ms<!/);
  assert.match(
    fill(`<!--verdict ${name}.bytes websocket/short-polling-->?<!--/-->`),
    /-->[A-Z][^<]*short polling[^<]*<!/,
  );
  assert.match(fill('<!--cost dashboard websocket bytes-->?<!--/-->'), /-->WebSocket keeps clients [^<]*<!/);
  assert.match(
    fill('and\n<!--intervals dashboard-->\n<!--/-->'),
    /\| asked every \| 100 ms \|.*\n.*\n\| behind by \| \d/,
  );
  assert.match(fill(`and\n<!--table ${name} latency.p50 stale-->\n<!--/-->`), /\| WebSocket \| \d/);
});

test('paths have a row each, and a sentence on whether they change the order', () => {
  const table = fill(`and\n<!--paths ${name} bytes.total-->\n<!--/-->`);
  assert.match(table, /\n\| direct \| \d[^\n]*\n\| tls \| \d/);
  assert.match(table, /\n\| h2 over tls \|[^\n]*¹ \|\n/);
  assert.match(fill(`<!--answer ${name}-->?<!--/-->`), /-->(No|Yes|Not|Whether)[^<]*<!/);
});

test('bytes come from the capture, for one exchange or many', () => {
  const { up, down } = specimens['poll-empty'];
  assert.ok(fill('<!--bytes poll-empty-->?<!--/-->').includes(`-->${up.length + down.length}<`));
  assert.ok(fill('<!--bytes poll-empty.up-->?<!--/-->').includes(`-->${up.length}<`));
  assert.ok(fill('<!--bytes socket-ping 2*1000-->?<!--/-->').includes('-->16 kB<'));
});

test('packets are headers of 66 bytes each and what they carry', () => {
  assert.ok(fill('<!--packets 1-->?<!--/-->').includes('-->66<'));
  // A comment of 8 bytes and its acknowledgement; ping of 2 and pong of 6 with an acknowledgement each.
  assert.ok(fill('<!--packets 2 sse-comment-->?<!--/-->').includes('-->140<'));
  assert.ok(fill('<!--packets 4 socket-ping-->?<!--/-->').includes('-->272<'));
  assert.ok(fill('<!--packets 4 socket-ping 10*100-->?<!--/-->').includes('-->270 kB<'));
});

test('a marker with an unknown name is refused with the reason', () => {
  for (const [marker, complaint] of [
    ['figure nowhere.sse.stale', /"nowhere" was not run; the scenarios are /],
    [`figure ${name}.carrier-pigeon.stale`, /"carrier-pigeon" is no transport/],
    [`figure ${name}.sse.latency.p42`, /"latency\.p42" is no figure/],
    [`ratio ${name}.stale sse`, /"" is no transport/],
    [`verdict ${name}.beauty sse/websocket`, /one of freshness, bytes, server-cpu, memory is compared/],
    [`verdict ${name}.bytes short-polling/sse`, /turn them round\?/],
    ['cost dashboard pigeon bytes', /"pigeon" is not beside polling/],
    ['packets many sse-comment', /"many" is no number of packets/],
    ['packets 2 sse-pigeon', /"sse-pigeon" is no specimen/],
    ['cost dashboard sse money', /"money" is no cost/],
    [`intervals ${name}`, /was not run with polls at several intervals/],
    ['run weather', /weather: of a run/],
    [`paths ${name} requests`, /requests is not told of paths/],
    ['bytes poll-full', /"poll-full" is no specimen/],
    ['bytes poll-empty.sideways', /sideways is no direction/],
    ['bytes poll-empty often', /often is no product/],
    ['song', /song is unknown; there are figure, /],
    ['toString', /toString is unknown/],
  ] as const) {
    assert.throws(() => fill(`<!--${marker}-->?<!--/-->`), complaint);
    assert.throws(() => fill(`<!--${marker}-->?<!--/-->`), /^BadMarker: a\.md:1: /);
  }
});

function firstDifference(is: string, should: string): string {
  const [lines, wanted] = [is.split('\n'), should.split('\n')];
  const at = wanted.findIndex((line, index) => line !== lines[index]);
  return `line ${at + 1}: ${wanted[at] ?? '(end)'}`;
}
