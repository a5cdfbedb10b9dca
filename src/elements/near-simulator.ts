/** Brings the simulator when its figure is about to be seen; on the first page, when somebody presses play. */
for (const figure of document.querySelectorAll<HTMLElement>('pattern-simulator')) {
  const load = (): void => void import('./pattern-simulator.ts').catch(() => figure.toggleAttribute('data-failed', true));
  const press = figure.querySelector('button');
  if (figure.dataset['compact'] === undefined) {
    new IntersectionObserver(([entry], observer) => {
      if (entry?.isIntersecting !== true) return;
      observer.disconnect();
      load();
    }, { rootMargin: '300px' }).observe(figure);
  } else {
    press?.addEventListener('click', () => {
      figure.dataset['play'] = '';
      load();
    }, { once: true });
  }
}
