/** The sentences that a reader can confirm, as claims of the ranker. */
import { claimId } from '../finder/claims.ts';
import type { Claim } from '../finder/claims.ts';
import type { Corpus } from '../finder/corpus.ts';
import type { ClaimAnswer } from '../finder/evidence.ts';
import { fromRoot } from './from-root.ts';
import type { FinderSources } from './finder-sources.ts';

export class FinderClaims {
  readonly #page: ParentNode;
  readonly #sources: FinderSources;
  #symptoms: Claim[] = [];

  constructor(page: ParentNode, sources: FinderSources) {
    this.#page = page;
    this.#sources = sources;
  }

  /** Symptoms from the index of problems on this page, conditions from the answers that were loaded. */
  all(corpus: Corpus): Claim[] {
    if (this.#symptoms.length === 0) {
      this.#symptoms = corpus.problems.flatMap(({ slug, candidates }) => [...this.#page.querySelectorAll(`.problem-index li a[href="${fromRoot(`/problems/${slug}/`)}"]`)].map((anchor): Claim => {
        const text = anchor.textContent?.trim() ?? '';
        return { id: claimId(slug, text), kind: 'symptom', text, problem: slug, patterns: candidates };
      }));
    }
    return [...this.#symptoms, ...[...this.#sources.arrived].flatMap(([slug, { conditions }]) => conditions.map(({ problem, when }): Claim => ({ id: claimId(slug, when), kind: 'condition', text: when, problem, patterns: [slug] })))];
  }

  answered(corpus: Corpus, given: ReadonlyMap<string, boolean>): ClaimAnswer[] {
    if (given.size === 0) return [];
    const claims = this.all(corpus);
    return [...given].flatMap(([id, holds]) => {
      const claim = claims.find((each) => each.id === id);
      return claim === undefined ? [] : [{ claim, holds }];
    });
  }

  /** Conditions stand in the answers of their patterns. @returns those of which the catalogue no longer says anything */
  async lost(corpus: Corpus, ids: readonly string[]): Promise<string[]> {
    const pages = new Set(ids.map((id) => id.split('.')[0] ?? ''));
    await this.#sources.answers([...pages].filter((page) => corpus.patterns.some(({ slug }) => slug === page)));
    const known = new Set(this.all(corpus).map(({ id }) => id));
    return ids.filter((id) => !known.has(id));
  }
}
