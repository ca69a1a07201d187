import { csvText } from '../export/csv-text.ts';
import type { Downloads } from '../export/downloads.ts';

/** Makes the download buttons build their files from the data embedded in the page. */
export function setUpDownloads(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-file]')) {
    button.addEventListener('click', () => {
      const data = JSON.parse(document.querySelector('#downloads')?.textContent ?? '{}') as Downloads;
      if (button.dataset.file === 'csv') save(`${data.name}.csv`, csvText(data.figures), 'text/csv');
      else save(`${data.name}.json`, jsonText(data), 'application/json');
    });
  }
}

/** The run as `pvw report --json` prints it, or only its record and figures if the page does not have the whole run. */
function jsonText({ whole, json, figures }: Downloads): string {
  return JSON.stringify(whole ? json : { record: json, figures }, null, 2);
}

function save(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Later, because the browser reads the URL only after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
