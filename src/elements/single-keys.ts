/** Keys that do something without a modifier. They can be switched off, for those who speak to their computer. */

/** Whether such a key means something now: nobody types or has a dialog open, and they are switched on. */
export function isForUs(event: KeyboardEvent): boolean {
  // The first of the path: it may stand in a shadow tree, as the editor does.
  const [target] = event.composedPath() as HTMLElement[];
  try {
    return !(event.ctrlKey || event.metaKey || event.altKey || target?.isContentEditable || target?.matches('input, textarea, select') || document.querySelector('dialog[open]') || localStorage['keys']);
  } catch {
    return true;
  }
}
