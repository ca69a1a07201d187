/** Largest edit distance that a typing slip explains; a suggestion farther away only confuses. */
const farthest = 3;

/**
 * The candidate with the smallest edit distance, ignoring case; undefined when none is near enough to be a typing slip.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.min(farthest, Math.ceil(word.length / 2)) + 1;
  for (const candidate of candidates) {
    // Also keeps a megabyte-long word out of the quadratic comparison.
    if (Math.abs(word.length - candidate.length) > farthest) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance && distance < word.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** ` (did you mean X?)` with the nearest candidate, or an empty string. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const suggestion = nearest(word, candidates);
  return suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`;
}

/** Levenshtein distance (1966): insertions, deletions and substitutions. Keeps one row of the table at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const substitution = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, substitution));
    }
    row = next;
  }
  return row[to.length]!;
}
