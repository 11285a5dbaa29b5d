/** Each domain may import only those to its left. */
export const domains: readonly string[];
