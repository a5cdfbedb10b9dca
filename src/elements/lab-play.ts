/** Plays an experiment on a PostgreSQL session, step by step. The session may be in a worker or in a test. */
import type { Lab, LabWorld } from '../examples/lab.ts';
import { ProcessDiedError } from '../examples/lab.ts';

/** What is used of PGlite. */
export interface Session {
  exec(sql: string): Promise<unknown>;
  query<Row>(sql: string, parameters?: unknown[]): Promise<{ rows: Row[] }>;
  transaction<Result>(work: (open: { query<Row>(sql: string, parameters?: unknown[]): Promise<{ rows: Row[] }> }) => Promise<Result>): Promise<Result>;
}

export interface Sheet { title: string; columns: string[]; rows: string[][] }
export interface Step { text: string; tone: 'good' | 'bad' | 'neutral'; sheets: Sheet[] }

export interface Play { lab: Lab; variant: string; /** Where the process dies. */ point: string }

/** Each variant has a schema of its own, so that both can be looked at afterwards. @param passMs moves the clock of the database */
export async function playLab(session: Session, { lab, variant, point }: Play, passMs: (ms: number) => void): Promise<Step[]> {
  await session.exec(`drop schema if exists "${variant}" cascade; create schema "${variant}"; set search_path to "${variant}"; ${lab.setup(variant)}`);
  const steps: Step[] = [];
  const outside = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
  let isDead = false;
  let hasDied = false;
  const requireAlive = (): void => {
    if (isDead) throw new ProcessDiedError('the process is dead');
  };
  const world: LabWorld = {
    database: {
      transaction: (work) => {
        requireAlive();
        return session.transaction(async (open) => {
          const result = await work({
            query: async <Row>(text: string, parameters: readonly unknown[]) => {
              requireAlive();
              return (await open.query<Row>(text, [...parameters])).rows;
            },
          });
          requireAlive();
          return result;
        });
      },
    },
    dieAt(here) {
      if (here !== point || hasDied) return;
      hasDied = true;
      isDead = true;
      throw new ProcessDiedError(`the process died: ${lab.points[point] ?? point}`);
    },
    restart() {
      const wasDead = isDead;
      isDead = false;
      return wasDead;
    },
    outside: (title, rows) => void outside.set(title, rows),
    passMs,
    async say(text, tone) {
      const sheets: Sheet[] = [];
      for (const { title, query } of lab.tables(variant)) sheets.push(sheetOf(title, (await session.query<Record<string, unknown>>(query)).rows));
      for (const [title, rows] of outside) sheets.push(sheetOf(title, rows));
      steps.push({ text, tone: tone ?? 'neutral', sheets });
    },
  };
  await lab.play(world, variant);
  return steps;
}

/** Any statement, for a reader who wants to look for themselves. */
export async function ask(session: Session, variant: string, sql: string): Promise<Sheet> {
  await session.exec(`set search_path to "${variant}"`);
  const { rows } = await session.query<Record<string, unknown>>(sql);
  return sheetOf('Answer', rows.slice(0, 100));
}

function sheetOf(title: string, rows: readonly Readonly<Record<string, unknown>>[]): Sheet {
  const columns = Object.keys(rows[0] ?? {});
  return { title, columns, rows: rows.map((row) => columns.map((column) => shown(row[column]))) };
}

/** Eight digits tell two apart, and leave room on a phone. */
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

function shown(value: unknown): string {
  if (value === null || value === undefined) return '∅';
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return uuid.test(text) ? `${text.slice(0, 8)}…` : text;
}
