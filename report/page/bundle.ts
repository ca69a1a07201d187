import { join } from 'node:path';
import { build } from 'esbuild';

let bundled: Promise<string> | undefined;

/** The script of the page with Chart.js in it, minified, fit to stand in a script element. Built once a process. */
export function browserScript(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../browser/main.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    legalComments: 'inline',
    logLevel: 'silent',
  });
  // The HTML parser ends the element at the first of these, also within a string of the script.
  return outputFiles[0]!.text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}
