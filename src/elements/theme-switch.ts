/** Turns between paper and ink. A choice that agrees with the system is forgotten, so that the page follows it again. */
class ThemeSwitch extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector('button');
    if (button === null) return;
    const system = matchMedia('(prefers-color-scheme: dark)');
    const root = document.documentElement;
    const show = (): void => button.setAttribute('aria-pressed', String(root.dataset['theme'] === 'dark'));
    show();
    button.addEventListener('click', () => {
      const theme = root.dataset['theme'] === 'dark' ? 'light' : 'dark';
      root.dataset['theme'] = theme;
      remember((theme === 'dark') === system.matches ? undefined : theme);
      show();
    });
    // Paper is light: drawings and code take their colours from the theme, too.
    let shown: string | undefined;
    addEventListener('beforeprint', () => {
      shown = root.dataset['theme'];
      root.dataset['theme'] = 'light';
    });
    addEventListener('afterprint', () => { root.dataset['theme'] = shown; });
    system.addEventListener('change', () => {
      if (chosen() !== null) return;
      root.dataset['theme'] = system.matches ? 'dark' : 'light';
      show();
    });
  }
}

/** Storage may be forbidden; the theme then lasts for the page. */
function remember(theme: string | undefined): void {
  try {
    if (theme === undefined) localStorage.removeItem('theme');
    else localStorage.setItem('theme', theme);
  } catch { /* nothing to keep it in */ }
}

function chosen(): string | null {
  try {
    return localStorage.getItem('theme');
  } catch {
    return null;
  }
}

customElements.define('theme-switch', ThemeSwitch);
