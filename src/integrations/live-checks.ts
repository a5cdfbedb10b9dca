/**
 * While somebody edits: what keeps a page from being right is told in the terminal and laid over every open page, with its
 * place and how to mend it, and goes away when it is mended. The same rules as `npm run check`, without those that want a
 * page to be complete.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration, AstroIntegrationLogger } from 'astro';
import type { ErrorPayload, ViteDevServer } from 'vite';
import { pathBelow } from '../catalogue/path-below.ts';
import { violatedRules } from '../catalogue/violated-rules.ts';
import type { ContentTree } from '../checks/content-tree.ts';
import { asText } from '../checks/report-text.ts';
import type { Finding } from '../checks/run-checks.ts';
import { askedPage } from './asked-page.ts';

/** Beside those of the catalogue. Diagrams tell their own mistakes, with their place, when the page draws them. */
const ofPages = ['component-attributes', 'mdx-syntax', 'reference', 'snippet', 'unknown-component', 'unopened-source'];
/** What a version says is settled when the page is ready. */
const settledLater = /^(version|changed|frozen)-/;
const holding = new Set<string>([...violatedRules.filter((id) => !settledLater.test(id)), ...ofPages]);
/** Saving in an editor is several events. */
const quietMs = 120;

export function liveChecks(): AstroIntegration {
  let root = '';
  let isEditing = false;
  return {
    name: 'live-checks',
    hooks: {
      // A build starts a server as well, to read the content.
      'astro:config:setup': ({ command }) => { isEditing = command === 'dev'; },
      'astro:config:done': ({ config }) => { root = fileURLToPath(config.root); },
      'astro:server:setup': ({ server, logger }) => {
        if (isEditing) new LiveChecks(root, server, logger).start();
      },
    },
  };
}

class LiveChecks {
  readonly #root: string;
  readonly #server: ViteDevServer;
  readonly #logger: AstroIntegrationLogger;
  /** What changed since the server was started: only that is read again. */
  readonly #changes: Record<string, string | undefined> = {};
  /** Paths of files of which the watcher has told since the last look. */
  readonly #told = new Set<string>();
  #tree: ContentTree | undefined;
  #findings: readonly Finding[] = [];
  #timer: NodeJS.Timeout | undefined;
  #looks = Promise.resolve();

  constructor(root: string, server: ViteDevServer, logger: AstroIntegrationLogger) {
    [this.#root, this.#server, this.#logger] = [root, server, logger];
  }

  start(): void {
    const { watcher, middlewares, environments } = this.#server;
    for (const event of ['add', 'change', 'unlink'] as const) watcher.on(event, (path) => this.#changed(path, event !== 'change'));
    // Whoever opens a page later sees what is wrong as well.
    environments.client.hot.on('vite:client:connect', (_, client) => {
      if (this.#findings.length > 0) client.send(payload(this.#root, this.#findings));
    });
    middlewares.use((request, response, next) => {
      const asked = askedPage(request, this.#server.config.base);
      if (asked !== undefined) askAgain(response);
      const own = asked === undefined ? [] : this.#findings.filter(({ file }) => pathOf(file) === asked);
      if (own.length === 0) return next();
      // A new page is not there yet, and nothing could be laid over an answer that has no script.
      response.writeHead(500, { 'Content-Type': 'text/html; charset=utf-8' }).end(pageOf(own, this.#server.config.base));
    });
    this.#soon();
  }

  #changed(path: string, comesOrGoes: boolean): void {
    const file = pathBelow(this.#root, path);
    if (!/^(content|src\/examples)\/.*\.(mdx|yaml|ts)$/.test(file)) return;
    // Others may have come with it of which nobody has told yet.
    if (comesOrGoes) this.#tree = this.#tree?.listedAnew();
    this.#changes[file] = textOf(path);
    this.#told.add(path);
    this.#soon();
  }

  /**
   * A file that is saved is empty for a moment, and the watcher leaves out what comes within 50 ms of what it has told: whoever
   * reads at once may have read nothing, and hears no more of it. So it is told again.
   */
  #tellAgain(): void {
    for (const path of this.#told) {
      this.#told.delete(path);
      const text = textOf(path);
      if (text !== undefined && text !== this.#changes[pathBelow(this.#root, path)]) this.#server.watcher.emit('change', path);
    }
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#looks = this.#looks.then(() => this.#look()); }, quietMs);
  }

  async #look(): Promise<void> {
    this.#tellAgain();
    const [{ ContentTree }, { rules }, { runChecks }] = await Promise.all([import('../checks/content-tree.ts'), import('../checks/rules.ts'), import('../checks/run-checks.ts')]);
    this.#tree ??= new ContentTree(this.#root);
    const { findings, faults } = await runChecks(this.#tree.with(this.#changes), rules.filter(({ id }) => holding.has(id)));
    for (const { rule, message } of faults) this.#logger.error(`the rule ${rule} failed itself:\n${message}`);
    const before = this.#findings;
    this.#findings = findings;
    if (JSON.stringify(findings) === JSON.stringify(before)) return;
    const { hot } = this.#server.environments.client;
    if (findings.length > 0) {
      this.#logger.error(`\n${asText(findings, { colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined, width: process.stdout.columns })}\n`);
      hot.send(payload(this.#root, findings));
    } else {
      this.#logger.info('mended: nothing wrong in content/ any more');
      hot.send({ type: 'full-reload' });
    }
  }
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** "Not found" has no script of the dev server, so nothing would tell it that the page is there by now. */
function askAgain(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]) => {
    if (status === 404) response.setHeader('Refresh', '2');
    return writeHead(status, ...rest);
  };
}

/** As Vite sends what went wrong, with what Astro's overlay shows of it beside: the first in place, all of them in words. */
function payload(root: string, findings: readonly Finding[]): ErrorPayload {
  const [first] = findings;
  const text = asText(findings, { colour: false });
  const err = {
    name: 'Check',
    title: findings.length === 1 ? 'Something to mend' : `${findings.length} things to mend`,
    message: text,
    hint: first?.mend ?? '',
    stack: text,
    ...(first === undefined ? {} : { id: first.file, loc: { file: join(root, first.file), line: first.line, column: first.column } }),
  };
  return { type: 'error', err };
}

function pageOf(findings: readonly Finding[], base: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>To mend: ${escaped(findings[0]?.file ?? '')}</title><script type="module" src="${base.replace(/\/$/, '')}/@vite/client"></script></head>
<body><pre style="white-space: pre-wrap">${escaped(asText(findings, { colour: false }))}</pre></body></html>
`;
}

/** Address of a page from its file; nothing for other files. */
function pathOf(file: string): string | undefined {
  const [, path] = /^content\/docs\/(.+)\.mdx$/.exec(file) ?? [];
  return path === undefined ? undefined : `/${path.replace(/^patterns\/[^/]+\//, 'patterns/').replace(/(^|\/)index$/, '')}/`.replace('//', '/');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
