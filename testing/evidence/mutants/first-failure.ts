import type { TestEvent } from 'node:test/reporters';

/**
 * A reporter for `node --test-reporter`. It ends the process at the first test that fails, because to learn more about
 * a killed mutant would cost time. Otherwise it prints how many tests passed and whether the mutated module was loaded.
 */
export default async function* firstFailure(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0;
  for await (const { type, data } of events) {
    if (type === 'test:fail' && data.todo === undefined) process.exit(1);
    if (type === 'test:pass' && data.skip === undefined && data.details.type !== 'suite') passed++;
  }
  yield JSON.stringify({ passed, loaded: Reflect.get(globalThis, 'mutantLoaded') === true });
}
