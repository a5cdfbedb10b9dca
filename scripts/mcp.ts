/**
 * The catalogue for assistants, over the Model Context Protocol on standard input and output. Reads files and nothing else: no network,
 * no telemetry. Only messages of the protocol go to standard output.
 */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { fileURLToPath } from 'node:url';
import { CatalogueError } from '../src/catalogue/violations.ts';
import { openAtlas } from './mcp/atlas.ts';
import { serverOf } from './mcp/server.ts';

try {
  await serverOf(openAtlas(fileURLToPath(new URL('..', import.meta.url)))).connect(new StdioServerTransport());
} catch (error) {
  if (!(error instanceof CatalogueError)) throw error;
  console.error(`mcp: ${error.message}`);
  process.exitCode = 1;
}
