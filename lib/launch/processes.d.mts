/** The command line of a process, or an empty text. */
export function commandLineOf(pid: number): string;
/** Starts a program in a process group of its own; output goes to `onLine` line by line. */
export function startChild(
  command: readonly string[],
  options: { onLine: (line: string) => void },
): { pid?: number; ended: Promise<{ code?: number | null; signal?: string | null; error?: Error }> };
