/** A server of files as a live host is: answers are compressed with brotli. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { brotliCompressSync } from 'node:zlib';

const compressible = /^text\/|^application\/(json|xml|wasm)|^image\/svg/;

/** The same server; each file is compressed once. */
export function asLiveHost(server: Server): Server {
  const compressed = new Map<unknown, Buffer>();
  const brotli = (body: Uint8Array): Buffer => {
    const small = compressed.get(body) ?? brotliCompressSync(body);
    compressed.set(body, small);
    return small;
  };
  const answers = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  server.removeAllListeners('request');
  return server.on('request', (request, response) => {
    const [writeHead, end] = [response.writeHead.bind(response), response.end.bind(response)];
    let head: { status: number; headers: Record<string, string | number> } = { status: 200, headers: {} };
    // Only what the server of files calls, in its order.
    response.writeHead = ((status: number, headers: Record<string, string | number> = {}) => {
      head = { status, headers };
      return response;
    }) as typeof response.writeHead;
    response.end = ((body?: Uint8Array) => {
      const isCompressed = body !== undefined && head.status !== 304 && compressible.test(String(head.headers['content-type'])) && String(request.headers['accept-encoding']).includes('br');
      const sent = isCompressed ? brotli(body) : body;
      writeHead(head.status, { ...head.headers, ...(sent === undefined ? {} : { 'content-length': sent.length }), ...(isCompressed ? { 'content-encoding': 'br', vary: 'accept-encoding' } : {}) });
      return end(sent);
    }) as typeof response.end;
    for (const answer of answers) answer.call(server, request, response);
  });
}
