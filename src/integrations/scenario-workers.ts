/**
 * A worker for each example: where a `scenario.ts` is asked for with `?worker`, its stage is served to the page. One file
 * holds all that runs, and no more of the simulator than this example uses: a shared chunk would be larger, and a request more.
 */
import type { Plugin } from 'vite';
import { FewAtOnce } from './few-at-once.ts';
import { withStatementNames } from './statement-names.ts';
import { withoutUnusedMembers } from './unused-members.ts';

const serving = `
import { serve } from '/src/elements/simulator-worker.ts';
serve(stage);
`;

const scenarioFile = /\/src\/examples\/[^/]+\/scenario\.ts$/;

/** Where a scenario is the entry of a bundle: while developing, the server says so in the query. */
export function scenarioWorkers(): Plugin {
  return scenarios(/\/src\/examples\/[^/]+\/scenario\.ts\?worker_file/);
}

/**
 * Vite begins the bundles of all workers at once, each with plugins and a graph of its own: 0.4 GB for 67
 * of them. Each asks for its plugins first, so that is where it waits. No worker here begins another, or they would wait for each other.
 */
export async function scenarioWorkerBundle(): Promise<Plugin> {
  await fewBundles.begin();
  let isOpen = true;
  return {
    ...scenarios(scenarioFile),
    renderChunk: (code, { facadeModuleId }) => (scenarioFile.test(facadeModuleId ?? '') ? { code: withStatementNames(withoutUnusedMembers(code)), map: null } : null),
    closeBundle() {
      if (isOpen) fewBundles.end();
      isOpen = false;
    },
  };
}

const fewBundles = new FewAtOnce(2);

function scenarios(id: RegExp): Plugin {
  return { name: 'scenario-workers', transform: { filter: { id }, handler: (code) => ({ code: code + serving, map: null }) } };
}
