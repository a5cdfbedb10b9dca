// #region headers
/** About one connection, not about the message (RFC 9110, section 7.6.1); `Connection` itself names more. */
const hopByHop = [
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection',
  'te', 'trailer', 'transfer-encoding', 'upgrade',
];

/** Headers that say who is calling are written here and never taken over from a client. */
export function forwardedHeaders(request: Request, requestId: string, peerAddress: string): Headers {
  const url = new URL(request.url);
  const headers = without(request.headers, ['x-caller-id', 'x-timeout-ms', 'forwarded', 'host']);
  headers.set('x-request-id', requestId);
  headers.set('x-forwarded-for', peerAddress);
  headers.set('x-forwarded-proto', url.protocol.slice(0, -1));
  headers.set('x-forwarded-host', url.host);
  return headers;
}

/** `fetch` has already undone the content coding: its name and the coded length no longer fit the body. */
export function answerHeaders(response: Response, requestId: string): Headers {
  const decoded = response.headers.has('content-encoding');
  const headers = without(response.headers, decoded ? ['content-encoding', 'content-length'] : []);
  headers.set('x-request-id', requestId);
  return headers;
}

function without(headers: Headers, names: readonly string[]): Headers {
  const options = (headers.get('connection') ?? '').toLowerCase().split(',');
  const dropped = new Set([...hopByHop, ...options.map((option) => option.trim()), ...names]);
  return new Headers([...headers].filter(([name]) => !dropped.has(name)));
}
// #endregion headers
