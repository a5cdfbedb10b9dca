/** Draws what stands around a pattern before the place for it is seen. Without it, the links below lead to the picture. */
const place = document.querySelector<HTMLElement>('[data-drawing]');
if (place !== null) {
  new IntersectionObserver(async ([entry], observer) => {
    if (entry?.isIntersecting !== true) return;
    observer.disconnect();
    const answer = await fetch(place.dataset['drawing'] ?? '');
    // Both have a place kept for them; the style sheet changes over at the same width.
    if (answer.ok) place.innerHTML = (await answer.json() as string[])[matchMedia('(min-width:60rem)').matches ? 0 : 1] ?? '';
  }, { rootMargin: '600px' }).observe(place);
}
