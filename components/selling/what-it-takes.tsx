/** What a seller needs, and what nobody asks for. */
export function WhatItTakes() {
  return (
    <div className="grid max-w-[66ch] gap-3 text-sm text-ink-2">
      <ol className="grid list-decimal gap-2 pl-5">
        <li>
          <strong className="text-ink">The model:</strong> a model card, its files, or an address where you
          run it.
        </li>
        <li>
          <strong className="text-ink">Its niche:</strong> one task, one kind of input, one language, and the
          level it reaches there.
        </li>
        <li>
          <strong className="text-ink">A price,</strong> whole or for a part, and how buyers reach you.
        </li>
      </ol>
      <p>
        Add a file of rows with labels and predictions and it is counted here, slice by slice, with intervals.
        What you do not say reads “not stated”, and stating a limit never costs you rank.
      </p>
    </div>
  );
}
