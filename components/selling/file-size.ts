/** "2.4 KB", "1.3 GB": powers of 1,024, one digit. */
export function fileSize(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let power = 0;
  while (value >= 1024 && power < units.length - 1) {
    value /= 1024;
    power++;
  }
  return power === 0 ? `${bytes} bytes` : `${value.toFixed(1)} ${units[power]}`;
}
