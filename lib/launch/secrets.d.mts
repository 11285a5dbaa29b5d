/** Settings with a secret in them, each of which may be given as a file: `NAME_FILE` instead of `NAME`. */
export const SECRETS: readonly string[];
