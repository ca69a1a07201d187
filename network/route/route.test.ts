import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRoute, routeCaveats } from './route.ts';

test('without returning clients, the caveat says resumption cannot show', () => {
  assert.deepEqual(routeCaveats(directRoute, false), []);
  for (const resumption of [true, false]) {
    const route = { ...directRoute, tls: { resumption } };
    assert.match(routeCaveats(route, false).join(), /only where clients come back/);
    assert.deepEqual(routeCaveats(route, true), []);
  }
});
