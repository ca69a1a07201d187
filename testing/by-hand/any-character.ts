import fc from 'fast-check';

/**
 * Characters of all planes, a third of them ASCII, where markup and escapes are. Instead of fast-check's unit `binary`,
 * which fills a map with a million characters each time it is used in a string.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(fc.nat(0x7f), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));
