/** What stands in brackets after a claim: "Fowler 2014", "Dean and Barroso 2013", "Nygard et al. 2018", or the publisher. */
export function shortName({ authors, publisher, year }: { authors: readonly string[]; publisher: string; year?: number | undefined }): string {
  const families = authors.map((author) => author.split(' ').at(-1) ?? author);
  const who = families.length === 0 ? publisher : families.length === 1 ? families[0] : families.length === 2 ? families.join(' and ') : `${families[0]} et al.`;
  return year === undefined ? `${who}` : `${who} ${year}`;
}
