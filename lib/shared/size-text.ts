const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/** "312 bytes", "2.4 kB", "197 MB": a number of bytes in powers of 1,000, two digits or more. */
export function sizeText(bytes: number | bigint | string): string {
  let size = Number(bytes);
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size >= 99.95 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}
