/** The replication connection of a test: what the example knows as `LogStream`, over the streaming replication protocol. */
import pg from 'pg';
import { inject } from 'vitest';
import type { LogMessage, LogStream } from '../../src/examples/transaction-log-tailing/transaction-log-tailing.ts';

export interface TestLogStream extends LogStream {
  /** Ends the connection; what was not confirmed comes again on the next one. */
  close(): Promise<void>;
}
interface ReplicationConnection {
  on(name: 'copyData', listener: (message: { chunk: Buffer }) => void): void;
  sendCopyFromChunk(chunk: Buffer): void;
  stream: { destroy(): void; once(name: 'close', listener: () => void): void };
}

export async function replicationClient(database: string): Promise<pg.Client> {
  const client = new pg.Client({ ...inject('postgres'), database, replication: 'database' } as pg.ClientConfig);
  client.on('error', () => {}); // the connection ends when the test wants it
  await client.connect();
  return client;
}

const microsecondsBefore2000 = 946_684_800_000_000n;

/** Resolves when the server has answered; rejects when it refuses, as for a slot that somebody else reads. */
export async function openLogStream(database: string, slot: string, publication: string): Promise<TestLogStream> {
  const client = await replicationClient(database);
  const { connection } = client as unknown as { connection: ReplicationConnection };
  const waiting: LogMessage[] = [];
  let confirmed = 0n;
  let isOver = false;
  let wake = (): void => {};
  const tell = (): void => {
    const status = Buffer.alloc(34);
    status.write('r');
    for (const at of [1, 9, 17]) status.writeBigInt64BE(confirmed, at);
    status.writeBigInt64BE(BigInt(Date.now()) * 1_000n - microsecondsBefore2000, 25);
    if (!isOver) connection.sendCopyFromChunk(status);
  };
  const opened = Promise.withResolvers<void>();
  connection.on('copyData', ({ chunk }) => {
    opened.resolve();
    if (chunk[0] === 0x77) waiting.push({ type: 'data', data: new Uint8Array(chunk.subarray(25)) });
    else {
      waiting.push({ type: 'keepalive', end: chunk.readBigInt64BE(1) });
      if (chunk[17] === 1) tell();
    }
    wake();
  });
  connection.stream.once('close', () => {
    isOver = true;
    wake();
  });
  client.query(`START_REPLICATION SLOT ${slot} LOGICAL 0/0 (proto_version '1', publication_names '${publication}')`).catch((error: unknown) => {
    opened.reject(error);
    isOver = true;
    wake();
  });
  try {
    await opened.promise;
  } catch (error) {
    await client.end();
    throw error;
  }

  return {
    confirm: (position) => {
      if (position > confirmed) confirmed = position;
      tell();
    },
    async close() {
      const closed = new Promise<void>((resolve) => { connection.stream.once('close', resolve); });
      connection.stream.destroy();
      await closed;
    },
    async *[Symbol.asyncIterator]() {
      while (true) {
        while (waiting.length > 0) yield waiting.shift()!;
        if (isOver) return;
        await new Promise<void>((resolve) => { wake = resolve; });
      }
    },
  };
}
