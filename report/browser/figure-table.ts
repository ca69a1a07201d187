type Direction = 'ascending' | 'descending';

const collator = new Intl.Collator('en', { numeric: true });

/** Makes the table of every figure sortable by each column and sets up its filter. */
export function setUpFigureTable(): void {
  const table = document.querySelector<HTMLTableElement>('#every-figure');
  const body = table?.tBodies[0];
  if (!table || !body) return;
  const headers = [...table.querySelectorAll<HTMLTableCellElement>('thead th')];
  const sort = (column: number) => {
    const header = headers[column]!;
    const direction: Direction = header.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
    for (const other of headers) other.removeAttribute('aria-sort');
    header.setAttribute('aria-sort', direction);
    body.append(...sorted([...body.rows], column, direction));
  };
  for (const [column, header] of headers.entries()) header.replaceChildren(sortButton(header, () => sort(column)));
  setUpFilter([...body.rows]);
}

function sortButton(header: HTMLTableCellElement, sort: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = header.textContent;
  button.addEventListener('click', sort);
  return button;
}

/** Sorts numbers by value and other cells by text. Cells without a value come last in both directions. */
function sorted(rows: HTMLTableRowElement[], column: number, direction: Direction): HTMLTableRowElement[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const keyed = rows.map((row) => {
    const cell = row.cells[column]!;
    return { row, by: cell.dataset.by, text: cell.textContent ?? '' };
  });
  keyed.sort((a, b) => {
    if (a.by === undefined || b.by === undefined) return sign * collator.compare(a.text, b.text);
    if (a.by === '' || b.by === '') return Number(a.by === '') - Number(b.by === '');
    return sign * (Number(a.by) - Number(b.by));
  });
  return keyed.map(({ row }) => row);
}

/** Shows only the rows that contain every word of the filter, in any column. */
function setUpFilter(rows: readonly HTMLTableRowElement[]): void {
  const input = document.querySelector<HTMLInputElement>('#filter');
  const told = document.querySelector('#filter-told');
  if (!input) return;
  const texts = rows.map((row) => (row.textContent ?? '').toLowerCase());
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [index, row] of rows.entries()) {
      row.hidden = !words.every((word) => texts[index]!.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    if (told) told.textContent = `${shown} of ${rows.length} rows`;
  };
  input.addEventListener('input', apply);
  apply();
}
