/** Where a page of entries ends: before the entry that is named, if there are any before it; else at the log's end. */
export function endBefore(before: string | string[] | undefined, size: bigint): bigint {
  const isPlace = typeof before === "string" && /^[1-9]\d{0,17}$/.test(before) && BigInt(before) < size;
  return isPlace ? BigInt(before) : size;
}
