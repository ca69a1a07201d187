import { main } from '../../cli/main.ts';

/**
 * For tests only: runs the command again and again in the directory that its argument names. A message has the words
 * after `pvw`; the answer is the exit code and the output.
 */
process.chdir(process.argv[2]!);
// Each call of `main` adds a listener to stdout.
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
