export type ReadMail = {
  subject: string;
  body: string;
  isHtml: boolean;
  isListMail: boolean;
  senderDomain: string;
  year: number;
};

const LARGE_PROVIDERS = /^(hotmail|yahoo|aol|msn|excite|lycos|netscape|mail|email|btamail|earthlink|juno)\./;

/**
 * Subject and readable body of a raw mail of around 2002. Tokens by which the corpus
 * gives its own folders away (anonymised hosts and names) are removed.
 */
export function readMail(raw: string): ReadMail {
  const cut = raw.search(/\r?\n\r?\n/);
  const head = (cut < 0 ? raw : raw.slice(0, cut)).replace(/\r?\n[ \t]+/g, " ");
  const header = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, "im").exec(head)?.[1]?.trim() ?? "";
  const content = withoutTransferCoding(cut < 0 ? "" : raw.slice(cut), header("Content-Transfer-Encoding"));
  const isHtml = /<(html|body|table|font|br|p)\b/i.test(content);
  const address = /@([\w.-]+)/.exec(header("From"))?.[1]?.toLowerCase() ?? "none";
  return {
    subject: withoutTraces(header("Subject")),
    body: withoutTraces(isHtml ? withoutTags(content) : content),
    isHtml,
    isListMail: header("List-Id") !== "" || header("Precedence") !== "",
    senderDomain: LARGE_PROVIDERS.test(address) ? header("From").toLowerCase() : address,
    year: Number(/\b(199\d|200\d)\b/.exec(header("Date"))?.[1] ?? 0),
  };
}

function withoutTransferCoding(content: string, coding: string): string {
  if (/base64/i.test(coding)) return Buffer.from(content, "base64").toString("latin1");
  if (!/quoted-printable/i.test(coding)) return content;
  return content
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function withoutTags(html: string): string {
  return html
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&nbsp;?/gi, " ")
    .replace(/&[a-z]+;/gi, " ");
}

function withoutTraces(text: string): string {
  return text
    .replace(/\S*(zzzz|yyyy|xxxx|spamassassin|netnoteinc|jmason|taint\.org|example\.com)\S*/gi, " ")
    .replace(/\s+/g, " ")
    .trim();
}
