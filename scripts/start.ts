/** Builds the site and serves it. Usage: npm start [-- --port 4400] */
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSite } from './astro-build.ts';

process.env['ASTRO_TELEMETRY_DISABLED'] = '1';
const host = '127.0.0.1';
const root = fileURLToPath(new URL('..', import.meta.url));

const port = readPort(process.argv.slice(2));
await refuseBusyPort(port);
build();
await serve(port);

function readPort(args: string[]): number {
  let text: string | undefined;
  try {
    text = parseArgs({ args, options: { port: { type: 'string', short: 'p' } } }).values.port;
  } catch (error) {
    return stop(`${error instanceof Error ? error.message : error}\nUsage: npm start -- --port 4400`);
  }
  const number = Number(text ?? 4321);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) return stop(`--port: found "${text}"; expected a whole number from 1 to 65535, for example: npm start -- --port 4400`);
  return number;
}

/** Before the build, so that nobody waits for a site that cannot be served. */
async function refuseBusyPort(wanted: number): Promise<void> {
  const code = await new Promise<string | undefined>((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(wanted, host, () => probe.close(() => resolve(undefined)));
  });
  if (code === undefined) return;
  const why = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be opened (${code})`;
  stop(`Port ${wanted} on ${host} ${why}. Choose another: npm start -- --port ${wanted === 4400 ? 4500 : 4400}`);
}

function build(): void {
  console.log('Building the site …');
  const { status, signal } = buildSite([]);
  if (status !== 0) stop(`The build failed${signal === null ? '' : ` (${signal})`}; the messages above say where. Nothing is served.`);
}

async function serve(wanted: number): Promise<void> {
  const { preview } = await import('astro');
  const server = await preview({ root, logLevel: 'warn', server: { host, port: wanted } });
  if (server.port !== wanted) {
    await server.stop();
    stop(`Port ${wanted} was taken by another program during the build. Choose another: npm start -- --port ${server.port}`);
  }
  console.log(`\nPattern Atlas is at http://${host}:${server.port}/ (Ctrl-C stops it)`);
}

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}
