/**
 * Takes the lines of a drill: those that are a row, `{"attack": …, "limit": …, "measured": …, "within": …}`, are kept, all
 * others go to `say`.
 */
export function attackRows(say) {
  const rows = [];
  const onLine = (line) => (line.startsWith('{"attack"') ? rows.push(JSON.parse(line)) : say(`  ${line}`));
  return { rows, onLine };
}
