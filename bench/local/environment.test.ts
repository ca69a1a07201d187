import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentRecord } from '../../results/schema/environment-schema.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { readEnvironment } from './environment.ts';

test('the environment of this machine follows the schema and leaves no field out', () => {
  const environment = environmentRecord.parse(readEnvironment(false));
  const { environment: whole } = syntheticRun().record;
  assert.deepEqual(Object.keys(environment).sort(), Object.keys(whole).sort());
  assert.ok(environment.clockResolutionNs! > 0 && environment.clockResolutionNs! < 1e6);
  assert.equal(environment.load!.length, 3);
});

test('records of earlier versions stay readable', () => {
  const { environment } = syntheticRun().record;
  const later = ['governor', 'clockSource', 'clockResolutionNs', 'virtualisation', 'cgroup', 'load', 'stealShare'];
  const earlier = Object.entries(environment).filter(
    ([name]) => ![...later, 'irqTimeAccounting', 'sysctls', 'coresKeptAwake'].includes(name),
  );
  environmentRecord.parse(Object.fromEntries(earlier));
});
