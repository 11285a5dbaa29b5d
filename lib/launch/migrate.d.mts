/** What tests and scripts in TypeScript call of the migrations. */
export function applyMigrations(url: string): Promise<string[]>;
export function pendingSchemaSql(url: string): Promise<string | null>;
export function migrationStatus(url: string): Promise<{ history: object | null }>;
