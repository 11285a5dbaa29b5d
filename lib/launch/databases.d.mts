import type { Client } from "pg";

/** What tests in TypeScript call of whole databases. */
export function withDatabaseName(url: string, name: string): string;
export function scratchName(purpose: string): string;
export function withConnection<T>(url: string, work: (client: Client) => Promise<T>): Promise<T>;
export function onServer<T>(url: string, work: (client: Client) => Promise<T>): Promise<T>;
export function createDatabase(url: string, template?: string): Promise<void>;
export function dropDatabase(url: string): Promise<void>;
