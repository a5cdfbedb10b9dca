/** Marks in the list of contents the section that is being read. */
class PageContents extends HTMLElement {
  connectedCallback(): void {
    const links = new Map([...this.querySelectorAll('a')].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
    const headings = [...links.keys()].flatMap((id) => document.getElementById(id) ?? []);
    let due = false;
    const mark = (): void => {
      due = false;
      // The last heading above a third of the window; at the foot of the page the last one.
      const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
      const current = atEnd ? headings.at(-1) : headings.findLast((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
      for (const [id, link] of links) {
        if (id === current?.id) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
    };
    const later = (): void => {
      if (due) return;
      due = true;
      requestAnimationFrame(mark);
    };
    addEventListener('scroll', later, { passive: true });
    later();
  }
}

customElements.define('page-contents', PageContents);
