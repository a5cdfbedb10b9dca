/** What is true of every tool here: it reads files, changes nothing and asks nobody. */
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

export const reading = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

export function markdown(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] };
}
