import { main } from '../../cli/main.ts';

/**
 * For tests only: does again and again what the command does once, in the directory that its argument names. A message has
 * the words after `pvw`; the answer is the exit code and what was written.
 */
process.chdir(process.argv[2]!);
// Each call of `main` listens for a reader who goes.
process.stdout.setMaxListeners(0);

let written = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr'] as const) {
  process[name].write = (text: string | Uint8Array) => {
    written[name] += text;
    return true;
  };
}

process.on('message', async (words: readonly string[]) => {
  written = { stdout: '', stderr: '' };
  const code = await main(words);
  process.send?.({ code, ...written });
});
