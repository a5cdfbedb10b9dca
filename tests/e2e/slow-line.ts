import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** About what a packet holds. */
const pieceBytes = 1000;
/** So long that what has come is painted before the next piece: throttling in the browser hands a page over in one. */
const betweenPiecesMs = 30;
const roundTripMs = 150;

/** The site behind a slow line: each answer takes a round trip, a page comes piece by piece. Its policy and other headers are left out. */
export function slowLine(origin: string): Server {
  return createServer((request, response) => void (async () => {
    const answer = await fetch(new URL(request.url ?? '/', origin));
    const body = Buffer.from(await answer.arrayBuffer());
    await pause(roundTripMs);
    const type = answer.headers.get('content-type') ?? 'application/octet-stream';
    response.writeHead(answer.status, { 'content-type': type });
    for (let at = 0; type.startsWith('text/html') && at < body.length; at += pieceBytes) {
      response.write(body.subarray(at, at + pieceBytes));
      await pause(betweenPiecesMs);
    }
    response.end(type.startsWith('text/html') ? undefined : body);
  })().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined)));
}
