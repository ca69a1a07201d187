import assert from 'node:assert/strict';
import { test } from 'node:test';
import picocolors from 'picocolors';
import type { RouteRecord, Run } from '../../results/schema/schema.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticRoutes, withStorm } from '../../testing/synthetic/synthetic-routes.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { renderReport } from '../page/html.ts';
import { renderTerminal } from '../terminal/terminal.ts';
import { renderMarkdown } from './markdown.ts';

/** What a path makes of a figure is said where the figure stands. */

const scenarios = syntheticScenarios.slice(0, 1);
const named = (name: string): RouteRecord => syntheticRoutes.find((route) => route.name === name)!;
const colors = picocolors.createColors(false);

/** In one line: texts are wrapped. */
async function tellings(run: Run): Promise<readonly string[]> {
  const texts = [renderTerminal(run, { colors }), renderMarkdown(run), await renderReport(run)];
  return texts.map((text) => text.replace(/\s+/g, ' '));
}

test('the note that ws compresses per client appears only without context takeover', async () => {
  const note = /while ws compresses it for each WebSocket/;
  const compressed = named('compressed');
  const forgetful = { ...compressed, name: 'compressed-no-takeover', compression: { contextTakeover: false } };
  for (const text of await tellings(syntheticRun({ scenarios, routes: [forgetful] }))) assert.match(text, note);
  for (const text of await tellings(syntheticRun({ scenarios, routes: [compressed] }))) assert.doesNotMatch(text, note);
});

test('only a storm over TLS says whether sessions were resumed', async () => {
  const stormOver = (route: RouteRecord) =>
    tellings(syntheticRun({ scenarios, routes: [route], alter: (trial) => withStorm(trial, 200) }));
  const encrypted = named('nginx+tls');
  for (const text of await stormOver(encrypted)) assert.match(text, /asked to resume their TLS session/);
  const whole = { ...encrypted, name: 'nginx+tls+no-resumption', tls: { resumption: false } };
  for (const text of await stormOver(whole)) assert.match(text, /began with a whole TLS handshake again/);
  for (const text of await stormOver(named('nginx'))) assert.doesNotMatch(text, /asked to resume|TLS handshake again/);
});
