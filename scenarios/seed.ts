import { createHash } from 'node:crypto';

/**
 * A 32-bit seed from names and numbers (SHA-256). Parts that differ anywhere, even in type or order, give unrelated
 * seeds.
 */
export function seedFrom(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readInt32BE(0);
}
