/** What git and Software Heritage call the bytes of a file; both can be worked out anywhere, without asking anybody. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Fingerprint { swhid: string; blob: string }

/** @param file path below the repository */
export function sourceFingerprint(file: string, root = process.cwd()): Fingerprint {
  return fingerprintOf(readFileSync(join(root, file)));
}

export function fingerprintOf(bytes: Uint8Array): Fingerprint {
  const blob = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  return { swhid: `swh:1:cnt:${blob}`, blob };
}
