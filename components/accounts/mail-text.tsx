/** A plain-text mail; addresses of this installation become links, foreign ones stay text. */
export function MailText({ text, origin }: { text: string; origin: string }) {
  return (
    <div className="max-w-[66ch] text-ink-2 whitespace-pre-line">
      {text.split(/(https?:\/\/[^\s<>"]+)/).map((piece, index) =>
        piece.startsWith(`${origin}/`) ? (
          <a key={index} href={piece.slice(origin.length)} className="link break-all">
            {piece}
          </a>
        ) : (
          piece
        ),
      )}
    </div>
  );
}
