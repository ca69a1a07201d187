/** The id of a scenario's section. By number: names come from a file and may be anything. */
export function anchorOf(index: number): string {
  return `scenario-${index + 1}`;
}
