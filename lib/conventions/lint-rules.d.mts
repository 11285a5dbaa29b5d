import type { ESLint } from "eslint";

/** The rules of this repository, as a plugin. */
export const offcut: ESLint.Plugin;
