import type { ThemeName } from '../markup/theme.ts';

const storageKey = 'pvw-theme';
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

/** The button that switches between light and dark. `onChange` draws again what does not follow the style sheet. */
export function setUpTheme(onChange: () => void): void {
  const root = document.documentElement;
  const button = document.querySelector<HTMLButtonElement>('#theme');
  const shown = (): ThemeName =>
    (root.dataset.theme as ThemeName | undefined) ?? (systemIsDark.matches ? 'dark' : 'light');
  const label = () => {
    if (button) button.textContent = shown() === 'dark' ? 'Light theme' : 'Dark theme';
  };
  const show = (theme: ThemeName) => {
    root.dataset.theme = theme;
    label();
    onChange();
  };
  const remembered = remember();
  if (remembered) root.dataset.theme = remembered;
  label();
  button?.addEventListener('click', () => {
    const next = shown() === 'dark' ? 'light' : 'dark';
    remember(next);
    show(next);
  });
  systemIsDark.addEventListener('change', () => {
    label();
    onChange();
  });
  // Always print on white.
  let before: string | undefined;
  addEventListener('beforeprint', () => {
    before = root.dataset.theme;
    show('light');
  });
  addEventListener('afterprint', () => {
    if (before === undefined) delete root.dataset.theme;
    else root.dataset.theme = before;
    label();
    onChange();
  });
}

/** A page from a file may have no storage; then the choice lasts as long as the page. */
function remember(theme?: ThemeName): ThemeName | undefined {
  try {
    if (theme) localStorage.setItem(storageKey, theme);
    const stored = localStorage.getItem(storageKey);
    return stored === 'light' || stored === 'dark' ? stored : undefined;
  } catch {
    return theme;
  }
}
