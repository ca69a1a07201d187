import type { TestEvent } from 'node:test/reporters';

/**
 * A reporter for `node --test-reporter`: ends the process at the first test that fails, and else says how many passed
 * and whether the module in question was loaded. To know more about a mutant that is dead already would cost time.
 */
export default async function* firstFailure(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0;
  for await (const { type, data } of events) {
    if (type === 'test:fail' && data.todo === undefined) process.exit(1);
    if (type === 'test:pass' && data.skip === undefined && data.details.type !== 'suite') passed++;
  }
  yield JSON.stringify({ passed, loaded: Reflect.get(globalThis, 'mutantLoaded') === true });
}
