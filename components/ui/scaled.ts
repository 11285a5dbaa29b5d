/** How many of which unit a count of bytes comes to: the largest unit that it fills, `base` of one making the next. */
export function scaled(bytes: number, base: 1000 | 1024): { value: number; unit: string } {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  const power = units.findLastIndex((_, at) => at === 0 || bytes >= base ** at);
  return { value: bytes / base ** power, unit: units[power] ?? "" };
}
