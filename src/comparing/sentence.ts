/** A text of the catalogue as a sentence, with one sign at its end. */
export function sentenceWith(text: string): string {
  const plain = text.trim().replace(/[.\s]+$/, '');
  return /[?!”]$/.test(plain) ? plain : `${plain}.`;
}
