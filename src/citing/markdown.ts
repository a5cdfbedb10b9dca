/** Text that other people wrote, as Markdown that shows it as it is. */

/** One line; nothing in it is a heading, a list, a rule, a link, HTML or emphasis. */
export function plainLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replaceAll(/[\\`*_[\]<>#|~]/g, '\\$&').replace(/^[-+=]/, '\\$&').replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2').replaceAll('&', '&amp;');
}

/** A block of the reader's own words, line by line. */
export function quotation(text: string): string {
  return text.trim().split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `> ${plainLine(line)}`.trimEnd()).join('\n');
}

/** A sentence has one sign at its end. */
export function sentence(text: string): string {
  const plain = plainLine(text).replace(/[.\s]+$/, '');
  return /[?!]$/.test(plain) ? plain : `${plain}.`;
}

/** After "because" a sentence goes on in lower case. */
export function clause(text: string): string {
  return sentence(lowered(text));
}

/** A text of the catalogue inside a sentence of ours; still to be escaped. */
export function midSentence(text: string): string {
  return lowered(text).replace(/[.\s]+$/, '');
}

/** A first word that may be a name keeps its capital. */
function lowered(text: string): string {
  const trimmed = text.trim();
  return opening.test(trimmed) ? trimmed.charAt(0).toLowerCase() + trimmed.slice(1) : trimmed;
}

const opening = new RegExp(`^(?!Spring\\b)([A-Z][a-z]+(ing|ed)|${[
  'A|All|An|Another|Any|At|Both|By|Each|Either|Every|Everybody|Everything|Few|Fewer|From|Half|How|If|In|Inside|It|Its|Less|Many|May|More|Most|Nearly|No|Nobody|Nothing|On|Once|One|Only|Other|Others|Our',
  'Several|Since|Some|Somebody|Someone|Something|That|The|Their|There|These|They|This|Those|Three|Two|Under|Until|We|What|When|Where|Which|While|Who|With|Without|You|Your|After|Before|Between|Can|Do|Does|Is|Should|Then|To',
  'Age|Analysts|Answers|Attempts|Behind|Bound|Brief|Brokers|Business|Callers|Calls|Capacity|Cases|Changes?|Clients|Connections|Consumers|Context|Copies|Customers?|Data|Database|Dependencies|Different|Drain|Drop',
  'Errors|Events|Experts|Extra|Feeds|Filters|Function|Further|Hard|Headers|Histograms|Ill|Important|Instances|Jobs|Keep|Keys?|Known|Lag|Leave|Lines|Listeners|Log|Login|Logs|Memory|Messages|Modules|New|Old|Order',
  'Pages|Paid|Participants|Past|People|Person|Piece|Processor|Projectors|Proxies|Queries|Races|Rate|Readers|Reads|Renewals|Repeats|Reports|Requests|Restarts|Row|Rules|Sagas|Same|Schema|Screens|Services?|Set|Sick',
  'Sizes|Slots|Slow|Steps|Storage|Strict|Teams|Thresholds|Throughput|Traffic|Unknown|Up|Users|Versions|Views|Volume|Workers|Work|Writes',
].join('|')})\\b(?!\\.\\w)`);

export function link(text: string, address: string): string {
  return `[${plainLine(text)}](${address.replaceAll('(', '%28').replaceAll(')', '%29').replaceAll('|', '%7C')})`;
}

/** @param items Markdown, one line each or with their own indent */
export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

export function numbered(items: readonly string[]): string {
  return items.map((item, at) => `${at + 1}. ${item}`).join('\n');
}

/** @param rows cells of Markdown, each on one line, with their vertical bars escaped */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Code as it is, between fences longer than any that it holds. */
export function fenced(code: string, info = ''): string {
  const longest = Math.max(2, ...[...code.matchAll(/^\s*(`+)/gm)].map(([, ticks = '']) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${info}\n${code}\n${fence}`;
}

/** Blocks with an empty line between them; empty ones are left out. */
export function blocks(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
