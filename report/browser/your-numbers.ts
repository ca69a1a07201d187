import {
  faultOf,
  fragmentOf,
  numberFields,
  numberKeys,
  numbersIn,
  type YourNumbers,
} from '../../analysis/model/prediction/your-numbers.ts';
import type { NumbersData } from '../prediction/your-numbers.ts';
import { numbersAnswer } from '../sections/your-numbers.ts';

/** Predicts anew with each change of a number. The fragment of the address keeps them. */
export function setUpNumbers(show: (numbers: YourNumbers, data: NumbersData) => void): void {
  const form = document.querySelector<HTMLFormElement>('#numbers-form');
  const text = document.querySelector('#numbers-data')?.textContent;
  if (!form || !text) return;
  const data = JSON.parse(text) as NumbersData;
  const answer = (numbers: YourNumbers) => {
    document.querySelector('#numbers-answer')!.innerHTML = numbersAnswer(data, numbers).text;
    show(numbers, data);
  };
  const fill = () => {
    const numbers = numbersIn(location.hash, data.usual);
    for (const key of numberKeys) inputOf(form, key).value = String(numbers[key]);
    (form.elements.namedItem('semantics') as HTMLSelectElement).value = numbers.semantics;
    answer(numbers);
  };
  form.addEventListener('input', () => {
    const read = readForm(form);
    tell(form, typeof read === 'string' ? read : undefined);
    if (typeof read === 'string') return;
    history.replaceState(null, '', fragmentOf(read));
    answer(read);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('hashchange', fill);
  fill();
}

function inputOf(form: HTMLFormElement, key: string): HTMLInputElement {
  return form.elements.namedItem(key) as HTMLInputElement;
}

/** The numbers of the form, or what is wrong with one of them. */
function readForm(form: HTMLFormElement): YourNumbers | string {
  const values = numberKeys.map((key) => [key, inputOf(form, key).valueAsNumber] as const);
  for (const [key, value] of values) {
    const fault = faultOf(key, value);
    if (fault !== undefined) return `${numberFields[key].title}: give ${fault}.`;
  }
  const numbers = {
    ...(Object.fromEntries(values) as Omit<YourNumbers, 'semantics'>),
    semantics: (form.elements.namedItem('semantics') as HTMLSelectElement).value as YourNumbers['semantics'],
  };
  if (numbers.channels > numbers.clients) return 'Channels: give no more than clients, so that each has one.';
  return numbers;
}

/** The last answer stays, with a word that it is not of what is typed. */
function tell(form: HTMLFormElement, fault: string | undefined): void {
  const place = document.querySelector<HTMLElement>('#numbers-fault')!;
  place.hidden = fault === undefined;
  place.textContent = fault === undefined ? '' : `${fault} Below are the numbers before.`;
  form.classList.toggle('faulty', fault !== undefined);
}
