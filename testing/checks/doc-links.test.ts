import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../machine/host/project-root.ts';
import { markdownFiles } from './markdown-files.ts';

/** Targets of links and pictures, outside code. */
function linksOf(text: string): readonly string[] {
  const prose = text.replace(/^```[\s\S]*?^```$|`[^`\n]*`/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
}

/** Anchors of headings as GitHub makes them: lower case, no punctuation, spaces become dashes. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const files = markdownFiles(projectRoot);

for (const path of files) {
  test(`the relative links in ${path} have targets`, () => {
    const broken = linksOf(readFileSync(join(projectRoot, path), 'utf8')).filter((link) => isBroken(path, link));
    assert.deepEqual(broken, []);
  });
}

test('the documents and their broken links are found', () => {
  assert.ok(files.includes('README.md') && files.includes('docs/why-websocket.md'));
  assert.ok(isBroken('docs/method.md', 'no-such-file.md'));
  assert.ok(isBroken('docs/method.md', '../README.md#no-such-title'));
  assert.ok(!isBroken('docs/method.md', '../README.md#the-question'));
  assert.deepEqual(linksOf('[a](b.md), `[c](d.md)`, ![e](f.png)'), ['b.md', 'f.png']);
});

function isBroken(from: string, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return false;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(projectRoot, from) : join(projectRoot, dirname(from), path);
  if (!existsSync(target)) return true;
  return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
}
