import { randomFrom } from '../../scenarios/random.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import type { Target } from './kind.ts';
import { kinds } from './kinds.ts';

/** For the fuzz only: says when it is ready, and tries the inputs that messages ask for. Its argument is the kind. */
export type Asked = { readonly seed: number };
export type Tried = { readonly fault: string | undefined; readonly memoryBytes: number };

const name = process.argv[2]!;
const { kind } = kinds[name]!;
const target: Target = await kind.open();

process.on('message', async ({ seed }: Asked) => {
  let fault: string | undefined;
  try {
    fault = await target.attempt(randomFrom(seedFrom(name, seed)));
  } catch (error) {
    fault = error instanceof Error ? error.stack : String(error);
  }
  const { maxRSS } = process.resourceUsage();
  process.send?.({ fault, memoryBytes: maxRSS * 1024 } satisfies Tried);
});
process.on('disconnect', async () => {
  await target.close();
  process.exit(0);
});
process.send?.('ready');
