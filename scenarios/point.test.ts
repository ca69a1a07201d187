import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  axisTitle,
  axisValueText,
  isSameScenario,
  pointKey,
  pointSuffix,
  pointText,
  scenarioAt,
  scenarioKey,
} from './point.ts';

test('a key distinguishes points and ignores the order of their axes', () => {
  assert.equal(pointKey({}), '');
  assert.equal(pointKey({ rttMs: 40, clients: 300 }), 'clients=300,rttMs=40');
  assert.equal(pointKey({ clients: 300, rttMs: 40 }), pointKey({ rttMs: 40, clients: 300 }));
  assert.notEqual(pointKey({ clients: 30 }), pointKey({ clients: 300 }));
  assert.notEqual(pointKey({ clients: 30 }), pointKey({ channels: 30 }));
});

test('without a varied axis the key is the scenario name', () => {
  assert.equal(scenarioKey({ scenario: 'chat-room', point: {} }), 'chat-room');
  assert.equal(scenarioKey({ scenario: 'chat-room', point: { clients: 300 } }), 'chat-room@clients=300');
});

test('scenarios are the same only if name and point agree', () => {
  const at = scenarioAt({ scenario: { name: 'chat-room' }, point: { clients: 300, rttMs: 0 } });
  assert.ok(isSameScenario(at, { scenario: 'chat-room', point: { rttMs: 0, clients: 300 } }));
  assert.ok(!isSameScenario(at, { scenario: 'chat-room', point: { clients: 300 } }));
  assert.ok(!isSameScenario(at, { scenario: 'ticker', point: at.point }));
  assert.deepEqual(scenarioAt({ scenario: { name: 'chat-room' } }), { scenario: 'chat-room', point: {} });
});

test('texts put counts before their noun and amounts before their unit', () => {
  assert.equal(pointText({}), '');
  assert.equal(pointSuffix({}), '');
  assert.equal(pointText({ rttMs: 40, clients: 1_000 }), '1,000 clients, RTT 40 ms');
  assert.equal(pointSuffix({ payloadBytes: 120, updatesPerSecond: 0.5 }), ', payload 120 B, updates 0.5/s');
  assert.equal(pointText({ pollIntervalMs: 250 }), 'poll interval 250 ms');
  assert.equal(pointText({ lossShare: 0.07 }), 'loss 7%');
});

test('an axis has a title, and its values a unit', () => {
  assert.deepEqual(['rttMs', 'pollIntervalMs', 'clients', 'lossShare'].map(axisTitle), [
    'RTT',
    'poll interval',
    'clients',
    'loss',
  ]);
  assert.deepEqual(
    [axisValueText('rttMs', 40), axisValueText('clients', 1000), axisValueText('updatesPerSecond', 0.25)],
    ['40 ms', '1,000', '0.25/s'],
  );
});
