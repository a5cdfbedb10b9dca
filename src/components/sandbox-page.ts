import script from '../elements/sandbox-frame.ts?bundled';

/**
 * The page behind which edited code runs, in a frame with `sandbox="allow-scripts"`. The worker that it makes takes over
 * the policy: `eval` for the compiled code, and no way to any network. Where a host sends headers: this page must not get
 * the site's policy as well, since both would hold, but `sandbox allow-scripts; frame-ancestors 'self'`, which no meta
 * element can say; pages of the site need `frame-src 'self'`.
 */
export async function sandboxPage(): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script)));
  const policy = `default-src 'none'; script-src 'sha256-${btoa(String.fromCharCode(...hash))}' 'unsafe-eval'; worker-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="robots" content="noindex">
<title>Sandbox</title>
</head>
<body>
<main>
<h1>Sandbox</h1>
<p>Edited examples run in this page, cut off from network and storage. Opened by itself it does nothing.</p>
</main>
<script>${script}</script>
</body>
</html>
`;
}
