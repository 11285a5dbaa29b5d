/** The command line of a process, or an empty text. */
export function commandLineOf(pid: number): string;
