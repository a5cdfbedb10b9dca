/** The head of every twin: for programs as front matter, for people as a line. */
import { licence as textTerms } from '../authorship.ts';
import { blocks, plainLine } from '../markdown.ts';

export interface Document {
  title: string;
  description: string | undefined;
  /** More fields of the front matter; what is undefined is left out. */
  fields: Readonly<Record<string, unknown>>;
  address: string;
  /** The page as it was at this version. */
  pinned?: string | undefined;
  /** Lines below the title. */
  facts: readonly string[];
  body: string;
  /** One of several in a file: front matter can stand only at its top. */
  joined?: boolean | undefined;
}

const licence = 'CC-BY-4.0 (text, diagrams, data), MIT (code)';
const textLicence = `[${textTerms.name}](${textTerms.address})`;
const codeLicence = '[MIT](https://opensource.org/license/mit)';

export function documentOf({ title, description, fields, address, pinned, facts, body, joined = false }: Document): string {
  // JSON is YAML: no title can break out of it.
  const matter = Object.entries({ title, description, address, pinned, ...fields, licence }).filter(([, value]) => value !== undefined).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `${blocks(
    joined ? '' : ['---', ...matter, '---'].join('\n'),
    `# ${plainLine(title)}`,
    plainLine(description ?? ''),
    ...facts,
    `From <${address}>${pinned === undefined ? '' : `; this version stays at <${pinned}>`}. Text ${textLicence}, code ${codeLicence}.`,
    body,
  )}\n`;
}
