/** How wide the site's text face sets a line, so that a plate can be made for its name; a test holds these figures against the face. */
export function textWidth(text: string, size: number): number {
  let thousandths = 0;
  for (const letter of text) thousandths += widths.get(letter) ?? widest;
  return (thousandths / 1000) * size;
}

/** Of IBM Plex Sans 600, in thousandths of the size; kerning would take some away. */
const letters: Record<number, string> = {
  236: ' ', 260: "'", 275: 'ij', 294: 'l', 299: ',.', 309: '!', 319: ':;', 337: '()', 350: 'f', 374: 't', 393: 'r', 402: '-', 423: 'I', 437: '/', 493: '?', 499: 's', 502: 'z', 513: 'c', 521: 'L', 524: 'vy',
  544: 'x', 545: 'Jg', 558: 'e', 559: 'a', 562: 'k', 563: 'o', 577: 'F', 580: 'T', 588: 'hnu', 599: 'Z', 600: '0123456789Ebdpq', 611: 'S', 632: 'Y', 638: 'V', 641: 'P', 642: 'C', 655: 'X', 663: 'B', 664: 'R', 672: 'A',
  678: 'K', 689: 'DU', 712: 'GOQ', 713: '&', 719: 'HN', 817: 'M', 819: 'w', 888: 'm', 949: 'W',
};
const widest = 960;
const widths = new Map(Object.entries(letters).flatMap(([width, row]) => [...row].map((letter) => [letter, Number(width)] as const)));
