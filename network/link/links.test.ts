import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkNames, linkProperties, links, sourceText } from './links.ts';

test('each link states the figure and source of each property', () => {
  for (const name of linkNames) {
    const { origins, conditions } = links[name];
    assert.equal(links[name].name, name);
    assert.deepEqual(
      origins.map(({ of }) => of),
      linkProperties,
    );
    assert.ok(conditions.jitterMs <= conditions.rttMs, name);
    for (const { from } of origins) assert.match(sourceText(from), /^our choice$|^.+ \(.+, (\d{4}|undated)\)$/);
  }
});

test('conditions match the figures in the origins', () => {
  const spoken = (name: (typeof linkNames)[number], of: string) =>
    links[name].origins.find((origin) => origin.of === of)!.taken;
  for (const name of linkNames) {
    const { bandwidthBitsPerSecond, upBandwidthBitsPerSecond, lossShare } = links[name].conditions;
    if (bandwidthBitsPerSecond === null) assert.match(spoken(name, 'bandwidth'), /^not limited/);
    else {
      const [down, up] = spoken(name, 'bandwidth')
        .match(/[\d.]+(?= Mbit)/g)!
        .map(Number);
      assert.deepEqual(
        [bandwidthBitsPerSecond, upBandwidthBitsPerSecond],
        [down, up].map((figure) => Math.round(figure! * 1e6)),
        name,
      );
    }
    const percent = lossShare === 0 ? /^none/ : new RegExp(`^${lossShare * 100}%`);
    assert.match(spoken(name, 'loss'), percent);
  }
});
