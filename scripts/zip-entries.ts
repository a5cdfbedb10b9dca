import { inflateRawSync } from 'node:zlib';

export class ZipError extends Error {
  override name = 'ZipError';
}

/** The files of a ZIP archive by their names, from its central directory. @throws ZipError */
export function zipEntries(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (end < 0) throw new ZipError('this is no ZIP archive, or it did not arrive whole');
  const count = bytes.readUInt16LE(end + 10);
  if (count === 0xffff) throw new ZipError('this archive holds more than 65,534 files');
  const entries = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let entry = 0; entry < count; entry++) {
    if (bytes.readUInt32LE(at) !== 0x02014b50) throw new ZipError('the list of files in this archive is broken');
    const [method, packed, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
    const [nameBytes, extraBytes, noteBytes] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)];
    const name = bytes.toString('utf8', at + 46, at + 46 + nameBytes).replaceAll('\\', '/');
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    if (!name.endsWith('/')) entries.set(name, unpacked(name, method, bytes.subarray(start, start + packed), size));
    at += 46 + nameBytes + extraBytes + noteBytes;
  }
  return entries;
}

function unpacked(name: string, method: number, packed: Buffer, size: number): Buffer {
  if (method === 0) return packed;
  if (method !== 8) throw new ZipError(`${name} is packed by method ${method}; expected 0 or 8`);
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
}
