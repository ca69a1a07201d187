import { predictedCosts } from '../../analysis/model/prediction/cost-curve.ts';
import type { YourNumbers } from '../../analysis/model/prediction/your-numbers.ts';
import { costMeasures } from '../../analysis/verdict/cost-measure.ts';
import { type CostPicture, costSizes, costSvg } from '../pictures/cost-svg.ts';
import { type NumbersData, questionFor } from '../prediction/your-numbers.ts';

/** Draws the reader's load into the pictures of what was measured. */
export function setUpCostOverlay(): (numbers: YourNumbers, data: NumbersData) => void {
  const text = document.querySelector('#costs')?.textContent;
  const pictures = text ? (JSON.parse(text) as readonly CostPicture[]) : [];
  return (numbers, data) => {
    if (pictures.length === 0) return;
    const yours = predictedCosts(questionFor(data, numbers), data.path);
    for (const figure of document.querySelectorAll<HTMLElement>('figure[data-cost]')) {
      const { cost, theory } = pictures[Number(figure.dataset.cost)]!;
      for (const measure of costMeasures) {
        for (const [size, box] of Object.entries(costSizes)) {
          const drawn = figure.querySelector(`.measure.${measure} svg.${size}`);
          if (drawn) drawn.outerHTML = costSvg(cost, measure, theory ?? undefined, box, yours).text;
        }
      }
    }
  };
}
