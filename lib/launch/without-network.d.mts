/** The command within a network of its own that leads nowhere but to itself. */
export function withoutNetwork(command: readonly string[]): string[];
/** Whether this machine lets us make one. */
export function canCutNetwork(): boolean;
