import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyCharacter } from '../../testing/by-hand/any-character.ts';
import { plainText, wrapText } from '../../text/plain-text.ts';
import { embeddedJson, html } from './markup.ts';

test('values are escaped, markup is kept, missing values are empty', () => {
  const inner = html`<b>${'<&>"\''}</b>`;
  assert.equal(
    html`<p title="${'"'}">${inner}${false}${undefined}${3}${['a', inner]}</p>`.text,
    '<p title="&quot;"><b>&lt;&amp;&gt;&quot;&#39;</b>3a<b>&lt;&amp;&gt;&quot;&#39;</b></p>',
  );
});

test('no text produces a tag or a quote', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      assert.doesNotMatch(html`${text}`.text, /[<>"']/);
    }),
  );
});

test('embedded JSON keeps its value and contains nothing special to HTML', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const { text } = embeddedJson(value);
      assert.doesNotMatch(text, /[<>\u2028\u2029]/);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    }),
  );
  assert.equal(embeddedJson('</script><!--').text, String.raw`"\u003c/script\u003e\u003c!--"`);
});

test('plain text is one line of limited length without escape codes or hidden marks', () => {
  assert.equal(plainText('a\u001b[31mb'), 'a\ufffd[31mb');
  assert.equal(plainText('a\u202eb\u2066c\ufeffd'), 'a\ufffdb\ufffdc d');
  assert.equal(plainText('one\n\ttwo'), 'one two');
  assert.equal(plainText('half \ud800 pair'), 'half \ufffd pair');
  assert.equal(plainText('Grüße, 今日は, 👩‍👧'), 'Grüße, 今日は, 👩‍👧');
  const long = plainText('x'.repeat(10_000_000));
  assert.ok(long.length < 2_100 && long.endsWith('(9998000 characters more)'));
});

test('lines break at spaces', () => {
  assert.deepEqual(wrapText('aa bb cc', 5), ['aa bb', 'cc']);
  assert.deepEqual(wrapText('aaaaaaaa b', 5), ['aaaaaaaa', 'b']);
  assert.deepEqual(wrapText('', 5), ['']);
});
