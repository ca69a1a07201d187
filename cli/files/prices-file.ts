import { builtInPrices } from '../../analysis/model/prices/built-in-prices.ts';
import { readPrices } from '../../analysis/model/prices/price-form.ts';
import type { PriceList } from '../../analysis/model/prices/price-list.ts';
import { readBoundedText, UnreadableFile } from '../../text/bounded-file.ts';
import { alternatives, unknownName } from '../../text/choices.ts';
import { UsageError } from '../../text/usage-error.ts';

/** A price list takes some hundred bytes. */
const mostBytes = 64 * 1024;
const builtIn = Object.keys(builtInPrices);

/**
 * The price list that `option` asks for: the name of a built-in one, or a file in YAML or JSON. A word is a file if it
 * has such an extension, a slash or a backslash. Throws a `UsageError` of one line. Loads a parser and a schema, so
 * import it only where prices are asked for.
 */
export function pricesNamed(option: string, nameOrPath: string): PriceList {
  if (Object.hasOwn(builtInPrices, nameOrPath)) return builtInPrices[nameOrPath]!;
  if (!isFile(nameOrPath)) {
    throw unknownName(option, nameOrPath, builtIn, ', or a file that ends in .yaml, .yml or .json');
  }
  return readPrices(textOf(option, nameOrPath), nameOrPath);
}

function isFile(word: string): boolean {
  return /[/\\]/.test(word) || /\.(ya?ml|json)$/i.test(word);
}

function textOf(option: string, file: string): string {
  try {
    return readBoundedText(file, { mostBytes });
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const give = `give a price list in YAML or JSON, or ${alternatives(builtIn)}`;
    throw new UsageError(`${option}: ${file}: cannot be read (${error.message}); ${give}`);
  }
}
