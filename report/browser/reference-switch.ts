/** Swaps the verdicts for those against another transport, which stand in the page as templates. */
export function setUpReference(): void {
  const verdicts = document.querySelector<HTMLElement>('#verdicts');
  const told = document.querySelector<HTMLElement>('#reference-told');
  if (!verdicts) return;
  const first = verdicts.dataset.reference;
  const kept = [...verdicts.childNodes];
  const contentOf = (reference: string): Node[] => {
    if (reference === first) return kept;
    const template = document.querySelector<HTMLTemplateElement>(`template[data-reference="${reference}"]`);
    return template ? [...template.content.cloneNode(true).childNodes] : kept;
  };
  const show = (reference: string, title: string) => {
    verdicts.replaceChildren(...contentOf(reference));
    verdicts.dataset.reference = reference;
    for (const details of verdicts.querySelectorAll('details')) details.open = false;
    if (told) told.textContent = `Verdicts are compared with ${title}.`;
  };
  for (const input of document.querySelectorAll<HTMLInputElement>('#reference input')) {
    input.addEventListener('change', () => show(input.value, input.labels?.[0]?.textContent ?? input.value));
    // On going back to the page, a browser restores the selection without firing an event.
    if (input.checked && input.value !== first) show(input.value, input.labels?.[0]?.textContent ?? input.value);
  }
}
