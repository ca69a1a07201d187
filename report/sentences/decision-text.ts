import { type DecisionRow, goodFor } from '../../analysis/verdict/decision.ts';
import type { Judgement } from '../../analysis/verdict/grades.ts';
import { listed } from '../../analysis/verdict/headline.ts';

/** The heading of each judgement. */
export const judgementTitles: Readonly<Record<Judgement, string>> = {
  good: 'Good choice',
  works: 'Works',
  poor: 'Poor choice',
};

/** A paragraph that lists the needs for which short polling is a good choice. */
export function pollingText(table: readonly DecisionRow[]): string {
  const good = goodFor(table, 'short-polling');
  if (good.length === 0) return 'Short polling is a good choice for none of these needs.';
  const topics = [...new Set(good.map(({ topic }) => topic))];
  const needs = topics.map((topic) => {
    const ofTopic = good.filter((row) => row.topic === topic).map(({ need }) => need);
    return `${topic.toLowerCase()} (${ofTopic.join('; ')})`;
  });
  const sum = 'Where every need of yours is among these, it is the right choice: the simplest of the four to run.';
  return `Short polling is a good choice for ${listed(needs, 'and')}. ${sum}`;
}
