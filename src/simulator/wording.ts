/** Numbers as sentences need them. */

/** 1234 becomes "1,234"; at most `digits` after the point. */
export function plain(value: number, digits = 0): string {
  const [whole = '', part] = value.toFixed(digits).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined || /^0*$/.test(part) ? grouped : `${grouped}.${part.replace(/0+$/, '')}`;
}

/** "1 charge", "2 charges". */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${plain(value)} ${value === 1 ? one : many}`;
}

/** "340 ms", "1.4 s". */
export function duration(ms: number): string {
  return ms < 1000 ? `${plain(ms)} ms` : `${plain(ms / 1000, ms < 10_000 ? 1 : 0)} s`;
}
