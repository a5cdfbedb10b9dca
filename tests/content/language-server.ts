/** Asks Astro's language server what an editor would ask it, over standard input and output. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Position { line: number; character: number }
interface Message { id?: number; method?: string; result?: unknown; error?: { message: string } }

export class LanguageServer {
  readonly #root: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #unread = Buffer.alloc(0);
  #asked = 0;

  constructor(root: string) {
    this.#root = root;
    this.#process = spawn(process.execPath, [join(root, 'node_modules/@astrojs/language-server/bin/nodeServer.js'), '--stdio'], { cwd: root });
    this.#process.stdout.on('data', (bytes: Buffer) => this.#read(bytes));
  }

  async begin(): Promise<void> {
    const folder = pathToFileURL(this.#root).href;
    await this.#ask('initialize', {
      processId: process.pid, rootUri: folder, workspaceFolders: [{ uri: folder, name: 'atlas' }],
      capabilities: { textDocument: { hover: { contentFormat: ['markdown'] }, completion: {}, diagnostic: {} } },
      initializationOptions: { typescript: { tsdk: join(this.#root, 'node_modules/typescript/lib') }, contentIntellisense: true },
    });
    this.#send({ method: 'initialized', params: {} });
  }

  /** @param text as it stands in the editor, saved or not */
  open(file: string, text: string): void {
    this.#send({ method: 'textDocument/didOpen', params: { textDocument: { uri: this.#uri(file), languageId: 'mdx', version: 1, text } } });
  }

  async hover(file: string, position: Position): Promise<string> {
    const found = await this.#ask('textDocument/hover', { textDocument: { uri: this.#uri(file) }, position }) as { contents: { value: string } } | null;
    return found?.contents.value ?? '';
  }

  async completions(file: string, position: Position): Promise<string[]> {
    const found = await this.#ask('textDocument/completion', { textDocument: { uri: this.#uri(file) }, position }) as { items: { label: string }[] } | null;
    return found?.items.map(({ label }) => label) ?? [];
  }

  /** Line, from 1, and message of what is underlined. */
  async underlined(file: string): Promise<string[]> {
    const found = await this.#ask('textDocument/diagnostic', { textDocument: { uri: this.#uri(file) } }) as { items: { range: { start: Position }; message: string }[] };
    return found.items.map(({ range, message }) => `${range.start.line + 1}: ${message}`).sort();
  }

  end(): void {
    this.#process.kill();
  }

  #uri(file: string): string {
    return pathToFileURL(join(this.#root, file)).href;
  }

  async #ask(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#asked;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.#send({ id, method, params });
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  #send(message: Record<string, unknown>): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #read(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    for (;;) {
      const head = this.#unread.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(this.#unread.subarray(0, Math.max(head, 0)).toString())?.[1]);
      if (head < 0 || this.#unread.length < head + 4 + length) return;
      const message = JSON.parse(this.#unread.subarray(head + 4, head + 4 + length).toString()) as Message;
      this.#unread = this.#unread.subarray(head + 4 + length);
      // What the server asks of an editor gets no for an answer.
      if (message.method !== undefined && message.id !== undefined) this.#send({ id: message.id, result: null });
      else if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
    }
  }
}
