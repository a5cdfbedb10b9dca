/** The stretch of a long list around one of its entries, so that a page does not grow with the catalogue. @returns all of a list that has at most `most` */
export function nearestEntries<Entry>(all: readonly Entry[], isCurrent: (entry: Entry) => boolean, most = 30): readonly Entry[] {
  const first = Math.min(Math.max(0, all.findIndex(isCurrent) - Math.floor(most / 2)), Math.max(0, all.length - most));
  return all.slice(first, first + most);
}
