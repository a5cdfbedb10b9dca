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

/** The bundler begins all workers at once, each with a graph of its own. */
const fewBundles = new FewAtOnce(2);

/** @param isWorkerBuild where the scenario is the entry; else, while developing, the server says it in the query */
export function scenarioWorkers(isWorkerBuild = false): Plugin {
  let hasBegun = false;
  return {
    name: 'scenario-workers',
    async buildStart() {
      if (!isWorkerBuild) return;
      await fewBundles.begin();
      hasBegun = true;
    },
    closeBundle() {
      if (hasBegun) fewBundles.end();
      hasBegun = false;
    },
    transform: {
      filter: { id: isWorkerBuild ? scenarioFile : /\/src\/examples\/[^/]+\/scenario\.ts\?worker_file/ },
      handler: (code) => ({ code: code + serving, map: null }),
    },
    renderChunk: (code, { facadeModuleId }) => (isWorkerBuild && scenarioFile.test(facadeModuleId ?? '') ? { code: withStatementNames(withoutUnusedMembers(code)), map: null } : null),
  };
}
