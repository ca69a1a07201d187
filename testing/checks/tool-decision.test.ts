import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideOnTools, isYes, type ToolSituation } from './tool-decision.ts';

const asRoot: ToolSituation = {
  missing: [{ debianPackage: 'chromium' }, { debianPackage: 'nginx-light' }],
  noInstall: false,
  terminal: false,
  installer: { prefix: [] },
};
const bySudo: ToolSituation = { ...asRoot, installer: { prefix: ['/usr/bin/sudo', '-n'] } };
const notAllowed: ToolSituation = { ...asRoot, installer: { impossible: 'sudo asks for a password' } };

test('without a terminal it installs, as root or by sudo', () => {
  assert.deepEqual(decideOnTools(asRoot), { kind: 'install', prefix: [] });
  assert.deepEqual(decideOnTools(bySudo), { kind: 'install', prefix: ['/usr/bin/sudo', '-n'] });
});

test('on a terminal it asks, and names the packages and the command', () => {
  assert.deepEqual(decideOnTools({ ...asRoot, terminal: true }), {
    kind: 'ask',
    prefix: [],
    question: 'Missing: chromium nginx-light. Install with apt-get install? [y/N] ',
  });
  const decision = decideOnTools({ ...bySudo, terminal: true });
  assert.ok(decision.kind === 'ask');
  assert.match(decision.question, /with sudo apt-get install\?/);
  assert.deepEqual(decision.prefix, ['/usr/bin/sudo', '-n']);
});

test('--no-install always refuses and names the missing packages', () => {
  for (const situation of [asRoot, { ...asRoot, terminal: true }, notAllowed]) {
    const decision = decideOnTools({ ...situation, noInstall: true });
    assert.ok(decision.kind === 'refuse');
    assert.match(decision.text, /^missing: chromium nginx-light;/);
  }
});

test('a user who cannot install gets the reason, and the tools are skipped', () => {
  for (const terminal of [true, false]) {
    assert.deepEqual(decideOnTools({ ...notAllowed, terminal }), { kind: 'skip', reason: 'sudo asks for a password' });
  }
});

test('if nothing is missing, nothing is done, with or without --no-install', () => {
  for (const noInstall of [true, false]) {
    assert.deepEqual(decideOnTools({ ...asRoot, missing: [], noInstall, terminal: true }), { kind: 'complete' });
  }
});

test('only y and yes, in any case, count as yes', () => {
  assert.deepEqual(['y', ' Yes\n', 'Y', '', 'n', 'yup', 'no'].map(isYes), [
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
