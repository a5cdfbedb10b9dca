// #region headers
/** About one connection (RFC 9110, 7.6.1). `Expect` is for the server that hosts the gateway. */
const hopByHop = [
  'connection', 'expect', 'keep-alive', 'proxy-authenticate', 'proxy-authorization',
  'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade',
];

/** What services believe because the gateway says it. */
const ours = ['x-caller-id', 'x-timeout-ms', 'x-real-ip', 'forwarded', 'host'];

/** Headers that say who is calling are written here, never taken over from a client. */
export function forwardedHeaders(
  request: Request, requestId: string, peerAddress: string,
): Headers {
  const url = new URL(request.url);
  const headers = without(request.headers, ours);
  headers.set('x-request-id', requestId);
  headers.set('x-forwarded-for', peerAddress);
  headers.set('x-forwarded-proto', url.protocol.slice(0, -1));
  headers.set('x-forwarded-host', url.host);
  return headers;
}

/** `fetch` has decoded the body, so the coding and its length no longer fit. */
export function answerHeaders(response: Response, requestId: string): Headers {
  const decoded = response.headers.has('content-encoding');
  const stale = decoded ? ['content-encoding', 'content-length'] : [];
  const headers = without(response.headers, stale);
  headers.set('x-request-id', requestId);
  return headers;
}

function without(headers: Headers, names: readonly string[]): Headers {
  const connection = headers.get('connection') ?? '';
  const options = connection.toLowerCase().split(',').map((option) => option.trim());
  const dropped = new Set([...hopByHop, ...options, ...names]);
  return new Headers([...headers].filter(([name]) =>
    !dropped.has(name) && !name.startsWith('x-forwarded-')));
}
// #endregion headers
