export function openMarket(
  directory: string,
): Promise<{ env: Record<string, string | undefined>; end: () => Promise<void> }>;
