/** Problems that are easily taken for one another, since the same patterns may answer them. No imports. */

interface Answered { slug: string; data: { title: string; candidates: readonly { pattern?: string | undefined }[] } }

/** Those that share most candidates first, then by title. */
export function siblingsOf<Problem extends Answered>(slug: string, problems: readonly Problem[], most = 4): Problem[] {
  const own = answersOf(problems.find((problem) => problem.slug === slug));
  return problems.map((problem) => ({ problem, shared: [...answersOf(problem)].filter((pattern) => own.has(pattern)).length }))
    .filter(({ problem, shared }) => problem.slug !== slug && shared > 0)
    .sort((a, b) => b.shared - a.shared || a.problem.data.title.localeCompare(b.problem.data.title, 'en'))
    .slice(0, most).map(({ problem }) => problem);
}

function answersOf(problem: Answered | undefined): Set<string> {
  return new Set(problem?.data.candidates.flatMap(({ pattern }) => pattern ?? []));
}
