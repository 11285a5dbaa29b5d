/** What tests and scripts in TypeScript call of the migrations. */
export type Migration = { name: string; sql: string; sha256: string };
export function migrationsOnDisk(): Promise<Migration[]>;
export function isEmptyDatabase(url: string): Promise<boolean>;
export function applyMigrations(url: string, migrations?: readonly Migration[]): Promise<string[]>;
export function migrationStatus(
  url: string,
  migrations?: readonly Migration[],
): Promise<{ unapplied: string[]; unknown: string[]; changed: string[] }>;
export function pendingSchemaSql(url: string): Promise<string | null>;
