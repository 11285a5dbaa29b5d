/** Takes a folder for this process, after ending what an interrupted start left there; returns how to give it back. */
export function occupy(directory: string): Promise<() => Promise<void>>;
