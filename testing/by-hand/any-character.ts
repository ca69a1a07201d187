import fc from 'fast-check';

/**
 * Characters of all planes, a third of them ASCII, because markup and escapes are ASCII. Replaces fast-check's unit
 * `binary`, which fills a map with a million characters each time a string uses it.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(fc.nat(0x7f), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));
