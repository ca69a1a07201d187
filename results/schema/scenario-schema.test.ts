import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { scenarios } from '../../scenarios/catalogue/catalogue.ts';
import { scenarioFields } from '../../scenarios/fields.ts';
import { scenarioRecord } from './scenario-schema.ts';

test('a recorded scenario has every field as the scenario has it', () => {
  for (const scenario of scenarios) assert.deepEqual(scenarioRecord.parse(scenario), scenario);
});

test('every field that is not optional is required, and unknown fields are refused', () => {
  const [scenario] = scenarios;
  for (const [key, row] of Object.entries(scenarioFields)) {
    const without = Object.fromEntries(Object.entries(scenario!).filter(([name]) => name !== key));
    assert.equal(scenarioRecord.safeParse(without).success, 'optional' in row, key);
  }
  assert.equal(scenarioRecord.safeParse({ ...scenario, thinkTime: 5 }).success, false);
});

test('values that no scenario can have are refused', () => {
  const [scenario] = scenarios;
  const wrong = { clients: 1.5, channels: -1, origin: 'nobody', echo: 'yes', holdMs: '25s', pollCohortsMs: 5 };
  for (const [key, value] of Object.entries(wrong)) {
    assert.equal(scenarioRecord.safeParse({ ...scenario, [key]: value }).success, false, key);
  }
});

test('the JSON Schema says what each field is', () => {
  const { properties } = z.toJSONSchema(scenarioRecord);
  assert.deepEqual(Object.keys(properties!), Object.keys(scenarioFields));
  assert.equal(Object(properties!.holdMs).description, scenarioFields.holdMs.help);
});
