interface ImportMetaEnv {
  /** Folder of PostgreSQL's files, below the base; set by src/integrations/postgres-files.ts. */
  readonly POSTGRES_FOLDER: string;
  /** What they take over the wire, compressed. */
  readonly POSTGRES_BYTES: number;
}
