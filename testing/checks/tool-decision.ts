import type { Installer, Tool } from './system-packages.ts';

export type ToolSituation = {
  readonly missing: readonly Pick<Tool, 'debianPackage'>[];
  /** `--no-install` was given. */
  readonly noInstall: boolean;
  /** stdin and stdout are a terminal, so a question can be answered. */
  readonly terminal: boolean;
  readonly installer: Installer;
};

export type ToolDecision =
  | { readonly kind: 'complete' }
  /** Ends with exit code 2. */
  | { readonly kind: 'refuse'; readonly text: string }
  /** Continues without the tools; the tests that need them are skipped. */
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'ask'; readonly prefix: readonly string[]; readonly question: string }
  | { readonly kind: 'install'; readonly prefix: readonly string[] };

/** What `verify` does about missing system tools. */
export function decideOnTools({ missing, noInstall, terminal, installer }: ToolSituation): ToolDecision {
  if (missing.length === 0) return { kind: 'complete' };
  const packages = missing.map(({ debianPackage }) => debianPackage).join(' ');
  if (noInstall) return { kind: 'refuse', text: `missing: ${packages}; install them, or run without --no-install` };
  if ('impossible' in installer) return { kind: 'skip', reason: installer.impossible };
  const { prefix } = installer;
  if (!terminal) return { kind: 'install', prefix };
  const command = [...prefix.slice(0, 1), 'apt-get install'].map((word) => word.split('/').at(-1)).join(' ');
  return { kind: 'ask', prefix, question: `Missing: ${packages}. Install with ${command}? [y/N] ` };
}

export function isYes(answer: string): boolean {
  return /^(y|yes)$/i.test(answer.trim());
}
