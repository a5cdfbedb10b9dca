/** What parts need to know of the client. Anything else, conditions and ranges included, is about the page and not about a part. */
const passedOn = ['authorization', 'accept-language', 'traceparent', 'tracestate'];

/**
 * The headers of a request to a part. What is not on the list does not go on, and neither does what `Connection` names:
 * such a field was meant for this hop alone (RFC 9110, section 7.6.1).
 */
export function headersForPart(client: Headers): Headers {
  const forThisHop = new Set((client.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase()));
  const headers = new Headers({ accept: 'application/json' });
  for (const name of passedOn) {
    const value = client.get(name);
    if (value !== null && !forThisHop.has(name)) headers.set(name, value);
  }
  return headers;
}
