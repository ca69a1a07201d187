import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { themeCss } from '../markup/theme.ts';

const styleSheets = ['page.css', 'verdict.css', 'paths.css', 'numbers.css', 'sweep.css'];

/** The style sheet of every page. */
export function styles(): string {
  return [themeCss(), ...styleSheets.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))].join('\n');
}

/** A content security policy that allows only this page's script and style sheet, and no requests. */
export function policy(script: string, css: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(css)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
