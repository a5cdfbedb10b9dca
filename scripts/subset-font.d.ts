/** The part of subset-font that the fonts need; the package ships no types. */
declare module 'subset-font' {
  export default function subsetFont(font: Buffer, text: string, options: { targetFormat: 'woff2'; noLayoutClosure?: boolean }): Promise<Buffer>;
}
