/** The replication connection of a test: what the example knows as `LogStream`, over the streaming replication protocol. */
import pg from 'pg';
import { inject } from 'vitest';
import type { LogMessage, LogStream } from '../../src/examples/transaction-log-tailing/transaction-log-tailing.ts';

export interface TestLogStream extends LogStream {
  /** Ends the connection; what was not confirmed comes again on the next one. */
  close(): Promise<void>;
  /** Messages that were read and not yet taken. */
  waiting(): number;
}
interface ReplicationConnection {
  on(name: 'copyData', listener: (message: { chunk: Buffer }) => void): void;
  sendCopyFromChunk(chunk: Buffer): void;
  stream: { destroy(): void; pause(): void; resume(): void; once(name: 'close', listener: () => void): void };
}

export async function replicationClient(database: string, options?: string): Promise<pg.Client> {
  const client = new pg.Client({ ...inject('postgres'), database, replication: 'database', options } as pg.ClientConfig);
  client.on('error', () => {}); // the connection ends when the test wants it
  await client.connect();
  return client;
}

const mostWaiting = 1_000;
const microsecondsBefore2000 = 946_684_800_000_000n;

/** Resolves when the server has answered; rejects when it refuses, as for a slot that somebody else reads. */
export async function openLogStream(database: string, slot: string, publication: string, serverWaitsMs = 60_000): Promise<TestLogStream> {
  const client = await replicationClient(database, `-c wal_sender_timeout=${serverWaitsMs}`);
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
  // A socket that is paused shows no question of the server: speak without being asked.
  const telling = setInterval(tell, serverWaitsMs / 4);
  const opened = Promise.withResolvers<void>();
  connection.on('copyData', ({ chunk }) => {
    opened.resolve();
    if (chunk[0] === 0x77) waiting.push({ type: 'data', data: new Uint8Array(chunk.subarray(25)) });
    else {
      waiting.push({ type: 'keepalive', end: chunk.readBigInt64BE(1) });
      if (chunk[17] === 1) tell();
    }
    if (waiting.length >= mostWaiting) connection.stream.pause();
    wake();
  });
  connection.stream.once('close', () => {
    clearInterval(telling);
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
    waiting: () => waiting.length,
    async close() {
      if (isOver) return;
      const closed = new Promise<void>((resolve) => { connection.stream.once('close', resolve); });
      connection.stream.destroy();
      await closed;
    },
    async *[Symbol.asyncIterator]() {
      while (true) {
        while (waiting.length > 0) yield waiting.shift()!;
        if (isOver) return;
        connection.stream.resume();
        await new Promise<void>((resolve) => { wake = resolve; });
      }
    },
  };
}
