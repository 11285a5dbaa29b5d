import { readRefusal } from "@/lib/shared/refusal-table";

/** What was refused and why; where rows say more than a sentence, as a table under it. */
export function RefusalText({ text }: { text: string }) {
  const table = readRefusal(text);
  if (!table) return text;
  const { sentence, head, rows } = table;
  return (
    <>
      <p>{sentence}</p>
      <div className="overflow-x-auto pt-2" tabIndex={0} role="group" aria-label="What differs">
        <table className="text-sm">
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name} scope="col" className="pr-6 pb-1 text-left font-medium">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, at) => (
              <tr key={at}>
                {cells.map((cell, place) => (
                  <td key={place} className="pr-6 align-top break-words">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
