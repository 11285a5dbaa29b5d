/** The largest number of an integer column; a larger one would be a fault of the database. */
export const MAX_INT32 = 2 ** 31 - 1;

const FIRST = Date.parse("0001-01-01T00:00:00.000Z");
const LAST = Date.parse("9999-12-31T23:59:59.999Z");

/** True for moments of the years 1 to 9999: JavaScript knows a year 0 and later ones, columns and forms do not. */
export function isStorableDate(date: Date): boolean {
  return date.getTime() >= FIRST && date.getTime() <= LAST;
}
