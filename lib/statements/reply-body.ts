/** The words of a reply as they are signed: a form sends CR LF, and a browser that signs them sees LF. */
export function replyBody(typed: string): string {
  return typed.replaceAll("\r\n", "\n").trim();
}
