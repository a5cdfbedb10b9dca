/** Text that other people wrote, as Markdown that shows it as it is. */

/** One line; nothing in it is a heading, a list, a link, HTML or emphasis. */
export function plainLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replaceAll(/[\\`*_[\]<>#|~]/g, '\\$&').replace(/^([-+]|\d+[.)])(?=\s)/, '\\$1').replaceAll('&', '&amp;');
}

/** A block of the reader's own words, line by line. */
export function quotation(text: string): string {
  return text.trim().split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `> ${plainLine(line)}`.trimEnd()).join('\n');
}

/** The end of a sentence is a full stop, once. */
export function sentence(text: string): string {
  return `${plainLine(text).replace(/[.\s]+$/, '')}.`;
}

/** After "because" a sentence goes on in lower case; where its first word may be a name, it keeps its capital. */
export function clause(text: string): string {
  const plain = sentence(text);
  return opening.test(plain) ? plain.charAt(0).toLowerCase() + plain.slice(1) : plain;
}

const opening = /^(The|A|An|You|Your|We|Our|It|Its|There|This|That|These|They|Their|Each|Every|One|Two|Several|Some|Many|Most|No|Nothing|Nobody|Somebody|Callers|Clients|Customers|Services|Users|Who|What|When|Where|While|After|Before|If|In|On|For|With|Without|Under|Does)\b/;

export function link(text: string, address: string): string {
  return `[${plainLine(text)}](${address.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}
