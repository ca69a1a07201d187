import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadMarker, fillMarkers, type Marker, withoutMarkers } from './markers.ts';

const echo = ({ kind, words }: Marker) => `${kind}(${words.join(',')})`;
const fill = (text: string, by: (marker: Marker) => string = echo) => fillMarkers('a.md', text, by);

test('any content of a marker is replaced', () => {
  assert.equal(
    fill('It is <!--figure a.b c-->old<!--/--> big.'),
    'It is <!--figure a.b c-->figure(a.b,c)<!--/--> big.',
  );
  assert.equal(fill('It is <!--figure--><!--/--> big.'), 'It is <!--figure-->figure()<!--/--> big.');
});

test('filling twice gives the same text as filling once', () => {
  const once = fill('One <!--a-->1<!--/-->, two <!--b-->2<!--/-->.\n\n<!--c x-->\nold\nold\n<!--/-->\n');
  assert.equal(fill(once), once);
  assert.ok(once.endsWith('<!--c x-->\nc(x)\n<!--/-->\n'));
});

test('a dollar sign in the content is kept', () => {
  assert.equal(
    fill('It is <!--a-->b<!--/-->', () => '$& $1'),
    'It is <!--a-->$& $1<!--/-->',
  );
});

test('an error names file and line', () => {
  const refuse = () => {
    throw new BadMarker('no such figure');
  };
  for (const [text, message] of [
    ['one\ntwo <!--figure x-->1<!--/-->', 'a.md:2: <!--figure x-->: no such figure'],
  ] as const) {
    assert.throws(() => fill(text, refuse), { name: 'BadMarker', message });
  }
});

test('an unclosed, unopened or malformed marker is refused', () => {
  assert.throws(() => fill('one <!--figure x-->1 two'), /a\.md:1: this comment is no marker/);
  assert.throws(() => fill('one\n1<!--/--> two'), /a\.md:2: this comment/);
  assert.throws(() => fill('one <!--a-->1 <!--b-->2<!--/-->'), /is not closed/);
  assert.throws(() => fill('one <!-- a remark --> two'), /this comment is no marker/);
});

test('a line that Markdown would take for HTML is refused', () => {
  assert.throws(() => fill('one\n<!--a-->1<!--/--> two'), /a\.md:2: a line that begins with a comment/);
  assert.throws(() => fill('- <!--a-->1<!--/--> two'), /begins with a comment/);
  assert.throws(() => fill('one <!--a-->1<!--/-->', () => 'two\nlines'), /needs lines for itself/);
});

test('markers can be removed with or without their content', () => {
  const text = 'It is <!--figure a-->12 kB<!--/--> big.';
  assert.equal(withoutMarkers(text, 'comments'), 'It is 12 kB big.');
  assert.equal(withoutMarkers(text, 'contents'), 'It is  big.');
});
