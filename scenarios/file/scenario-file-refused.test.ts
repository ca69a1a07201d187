import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { alternatives } from '../../text/choices.ts';
import { UsageError } from '../../text/usage-error.ts';
import { scenarioForm } from './form-schema.ts';
import { readScenarioFile } from './scenario-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'pvw-bad-scenarios-'));
after(() => rmSync(directory, { recursive: true }));

let files = 0;

function write(text: string | Buffer): string {
  const file = join(directory, `${++files}.yaml`);
  writeFileSync(file, text);
  return file;
}

/** The error message about a file, without its directory. */
async function complaintAbout(file: string): Promise<string> {
  try {
    await readScenarioFile(file);
  } catch (error) {
    assert.ok(error instanceof UsageError, `${error}`);
    assert.doesNotMatch(error.message, /\p{Cc}/u, 'one line without control characters');
    return error.message.replaceAll(file, 'F').replaceAll(`${directory}/`, '');
  }
  return assert.fail('nothing was refused');
}

/** A minimal valid file of four lines: a test's own text starts at line 5. */
const least = `name: orders
clients: 10
arrivals: {kind: poisson, perSecond: 2}
payload: {kind: notice, bytes: 200}
`;

const fields = alternatives(Object.keys(scenarioForm.shape));
const seconds = 'such as 250ms, 2s or 5m';
const titleAllowed = '1 to 120 characters, without control characters or marks that hide or reorder text';
const nameAllowed = '1 to 64 lower-case letters and digits in words joined by single hyphens';

/** Content of the file, and the complete error message. */
const refused: Readonly<Record<string, readonly [text: string, complaint: string]>> = {
  'an unknown field': [`${least}chanels: 2`, `F:5:1: "chanels" is unknown (did you mean channels?); give ${fields}`],
  'a slip in a field that is needed': [
    least.replace('name:', 'nmae:'),
    `F:1:1: "nmae" is unknown (did you mean name?); give ${fields}`,
  ],
  'an unknown field within another': [
    `${least}inputs:\n  arrivals: {kind: constant, persecond: 1}\n`,
    'F:6:30: inputs.arrivals: "persecond" is unknown (did you mean perSecond?); give kind or perSecond',
  ],
  'an unknown word': [
    `${least}origin: sever`,
    'F:5:9: origin: "sever" is unknown (did you mean server?); give server or client',
  ],
  'an unknown kind of arrivals': [
    least.replace('poisson', 'poison'),
    'F:3:18: arrivals.kind: "poison" is unknown (did you mean poisson?); give constant, poisson, bursts or trace',
  ],
  'a kind that is missing': [
    least.replace('kind: poisson, perSecond: 2', 'poisson: 2'),
    'F:3:11: arrivals.kind: is missing; give constant, poisson, bursts or trace',
  ],
  'an unknown scenario to extend': [
    'name: a\nextends: chat-rom\n',
    'F:2:10: extends: "chat-rom" is unknown (did you mean chat-room?); ' +
      'give chat-room, dashboard, online-game, live-stream, ticker, notifications, presence, crowd or idle-crowd',
  ],
  'fields that JavaScript uses': [
    `${least}origin: {toString: 1, valueOf: 1}`,
    'F:5:9: origin: a group of fields is unknown; give server or client',
  ],
  'a number out of range': [
    least.replace('10', '0'),
    'F:2:10: clients: "0" is not allowed; give a whole number from 1 to 1000000',
  ],
  'a fraction of a client': [
    least.replace('10', '1.5'),
    'F:2:10: clients: "1.5" is not allowed; give a whole number from 1 to 1000000',
  ],
  'a number that is none': [
    least.replace('10', 'many'),
    'F:2:10: clients: "many" is not allowed; give a whole number from 1 to 1000000',
  ],
  infinity: [
    least.replace('perSecond: 2', 'perSecond: .inf'),
    'F:3:38: arrivals.perSecond: "Infinity" is not allowed; give a number from 0.001 to 10000',
  ],
  'a duration without unit': [
    `${least}hold: 25`,
    `F:5:7: hold: "25" is not allowed; give a duration from 100ms to 2m, ${seconds}`,
  ],
  'a duration out of range': [
    `${least}pollInterval: 1ms`,
    `F:5:15: pollInterval: "1ms" is not allowed; give a duration from 10ms to 10m, ${seconds}`,
  ],
  'text where yes or no is asked': [`${least}echo: yes`, 'F:5:7: echo: "yes" is not allowed; give true or false'],
  'a list where fields are asked': [
    least.replace(/payload: .*/, 'payload: [1]'),
    'F:4:10: payload: a list is not allowed; give fields: kind and bytes',
  ],
  'nothing where something is asked': [
    least.replace('clients: 10', 'clients:'),
    'F:2:9: clients: nothing is not allowed; give a whole number from 1 to 1000000',
  ],
  'no name': [least.replace(/.*\n/, ''), `F:1:1: name: is missing; give ${nameAllowed}`],
  'no clients': [
    least.replace('clients: 10\n', ''),
    'F:1:1: clients: is missing; give it, or a built-in scenario to start from, such as extends: chat-room',
  ],
  'a name with a path': [least.replace('orders', '../up'), `F:1:7: name: "../up" is not allowed; give ${nameAllowed}`],
  'a name that is too long': [
    least.replace('orders', 'x'.repeat(65)),
    `F:1:7: name: "${'x'.repeat(60)}…" is not allowed; give ${nameAllowed}`,
  ],
  'the name of a built-in scenario': [
    least.replace('orders', 'ticker'),
    'F:1:7: name: "ticker" is the name of a built-in scenario; give another name; a file that starts from it says extends: ticker',
  ],
  'an escape code': [
    `${least}title: "\\e[31mred"`,
    `F:5:8: title: "\\u001b[31mred" is not allowed; give ${titleAllowed}`,
  ],
  'text that runs backwards': [
    `${least}title: a\u202eb`,
    `F:5:8: title: "a\\u202eb" is not allowed; give ${titleAllowed}`,
  ],
  'a title that is too long': [
    `${least}title: ${'x'.repeat(121)}`,
    `F:5:8: title: "${'x'.repeat(60)}…" is not allowed; give ${titleAllowed}`,
  ],
  'a summary that is too long': [
    `${least}summary: ${'x'.repeat(501)}`,
    `F:5:10: summary: "${'x'.repeat(60)}…" is not allowed; give ${titleAllowed.replace('120', '500')}`,
  ],
  'more channels than clients': [
    `${least}channels: 11`,
    'F:5:11: channels: "11" is not allowed; give at most 10: every channel needs a client',
  ],
  'fewer clients than the channels it extends': [
    'name: a\nextends: chat-room\nclients: 9\n',
    'F:3:10: clients: "9" is not allowed; give at least 10: every channel needs a client',
  ],
  'a payload too small for its kind': [
    least.replace('200', '95'),
    'F:4:32: payload.bytes: "95" is too small for notice in json; give a whole number from 96 to 261120',
  ],
  'a payload too large as base64': [
    least.replace('notice, bytes: 200', 'media-chunk, bytes: 200000'),
    'F:4:37: payload.bytes: "200000" is too large for media-chunk in json; give a whole number from 1 to 195840',
  ],
  'an input too small for its kind': [
    `${least}inputs:\n  arrivals: {kind: constant, perSecond: 1}\n  payload: {kind: reaction, bytes: 4}\n`,
    'F:7:36: inputs.payload.bytes: "4" is too small for reaction in json; give a whole number from 58 to 261120',
  ],
  'a broadcast too small for its kind': [
    `${least}broadcast:\n  arrivals: {kind: constant, perSecond: 1}\n  payload: {kind: reaction, bytes: 4}\n`,
    'F:7:36: broadcast.payload.bytes: "4" is too small for reaction in json; give a whole number from 58 to 261120',
  ],
  'a broadcast where clients publish': [
    `${least}origin: client\nbroadcast:\n  arrivals: {kind: constant, perSecond: 1}\n  payload: {kind: notice, bytes: 100}\n`,
    'F:5:9: origin: "client" has no source for broadcast; give server',
  ],
  'a burst without end': [
    least.replace('kind: poisson, perSecond: 2', 'kind: bursts, perSecond: 1, size: 1000, gap: 10s'),
    'F:3:57: arrivals.gap: "10s" makes a burst longer than 1m; give a shorter gap or fewer updates',
  ],
  'a trace that is missing': [
    least.replace('kind: poisson, perSecond: 2', 'kind: trace, file: none.txt'),
    'F:3:31: arrivals.file: none.txt: cannot be read (ENOENT)',
  ],
  'a trace without instants': [
    least.replace('kind: poisson, perSecond: 2', 'kind: trace'),
    'F:3:11: arrivals.file: is missing; give a file with one instant in ms per line',
  ],
  'instants that go back': [
    least.replace('kind: poisson, perSecond: 2', 'kind: trace, instantsMs: [0, 5, 3], lengthMs: 10'),
    'F:3:44: arrivals.instantsMs.2: "3" is earlier than the instant before it; give at least 5',
  ],
  'a field twice': [`${least}clients: 11`, 'F:5:1: this field stands twice; give each field once'],
  'a field twice within another': [
    `${least}inputs:\n  payload: {kind: notice, bytes: 1, kind: quotes}`,
    'F:6:37: this field stands twice; give each field once',
  ],
  'two documents': [`${least}---\n${least}`, 'F:5:1: a second document begins here; give one scenario per file'],
  'tabs as indentation': [
    'name: a\npayload:\n\tkind: notice',
    'F:3:1: is not valid YAML: Tabs are not allowed as indentation',
  ],
  'a bracket that stays open': [
    'name: [a\nclients: 1',
    'F:2:1: is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  'a tag of a program': [
    `${least}title: !!js/function x`,
    'F:5:8: is not valid YAML: Unresolved tag: tag:yaml.org,2002:js/function',
  ],
  'an alias without anchor': [
    `${least}title: *t`,
    'F:5:8: is not valid YAML: Unresolved alias (the anchor must be set before the alias): t',
  ],
  'aliases that multiply': [
    `a: &a [x]\nb: &b [${'*a,'.repeat(9)}]\nc: [${'*b,'.repeat(9)}]\n`,
    'F:2:8: is not valid YAML: Excessive alias count indicates a resource exhaustion attack',
  ],
  'an alias to itself': [`${least}title: &t [*t]`, `F:5:11: title: a list is not allowed; give ${titleAllowed}`],
  'a polling interval twice': [
    `${least}pollCohorts: [1s, 2s, 1s]`,
    'F:5:14: pollCohorts: a list is not allowed; give each interval once',
  ],
  'more polling intervals than clients': [
    `${least}pollCohorts: [1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s, 10s, 11s]`,
    'F:2:10: clients: "10" is not allowed; give at least 11: in each of 1 channels one for each of 11 intervals',
  ],
  'polling intervals where clients publish': [
    `${least}origin: client\npollCohorts: [1s, 2s]`,
    'F:6:14: pollCohorts: "1s, 2s" cannot be compared where clients publish; give it for clients that publish nothing',
  ],
  'an empty file': ['', 'F:1:1: nothing is not allowed; give fields such as name, clients, arrivals and payload'],
  'a list': ['- a', 'F:1:1: a list is not allowed; give fields such as name, clients, arrivals and payload'],
  'a field that JavaScript knows': [`${least}__proto__: {}`, `F:5:1: "__proto__" is unknown; give ${fields}`],
};

describe('a bad file is refused with one line: file, line, column, what is allowed', () => {
  for (const [what, [text, complaint]] of Object.entries(refused)) {
    test(what, async () => assert.equal(await complaintAbout(write(text)), complaint));
  }

  test('refuses nesting without end, however it is written', { timeout: 10_000 }, async () => {
    const endless = ['[', '{', '- ', '? ', '[{', '{a: [', '- - [', 'a: {a: ', '[\n', '%A\n---\n['];
    for (const unit of endless) {
      const text = unit.repeat(Math.floor(250_000 / unit.length));
      assert.match(
        await complaintAbout(write(text)),
        /^F:\d+:\d+: is n(ested too deeply; give a scenario|ot valid YAML)/,
      );
    }
    const closed = `${'['.repeat(100_000)}\n${']'.repeat(100_000)}`;
    assert.match(await complaintAbout(write(closed)), /^F:1:33: is nested too deeply/);
  });

  test('brackets in text do not nest', async () => {
    const text = `${least}summary: "${'['.repeat(100)}"\ntitle: '${'{'.repeat(100)}' # ${'['.repeat(100)}\norigin: sever`;
    assert.match(await complaintAbout(write(text)), /^F:7:9: origin: "sever" is unknown/);
  });

  // Comparing all pairs would take much longer.
  test('handles as many fields as fit', { timeout: 10_000 }, async () => {
    const text = Array.from({ length: 17_000 }, (_, i) => `k${i}: ${i}\n`).join('');
    assert.match(await complaintAbout(write(text)), /^F:1:1: "k0" is unknown; give name, /);
  });

  test('refuses paths that cannot be scenario files', async () => {
    const give = 'give a scenario file, or a name that pvw list shows';
    assert.equal(
      await complaintAbout(write(' '.repeat(2 ** 18 + 1))),
      `F: cannot be read (is larger than 256 KiB); ${give}`,
    );
    assert.equal(
      await complaintAbout(write(Buffer.from([0xff, 0xfe]))),
      `F: cannot be read (is no text in UTF-8); ${give}`,
    );
    assert.equal(await complaintAbout(join(directory, 'none.yaml')), `F: cannot be read (ENOENT); ${give}`);
    assert.match(
      await complaintAbout(`${directory}/none`),
      /^F: is no scenario file; give one that ends in \.yaml, \.yml/,
    );
    mkdirSync(join(directory, 'folder.yaml'));
    assert.equal(await complaintAbout(join(directory, 'folder.yaml')), `F: cannot be read (is a directory); ${give}`);
  });
});
