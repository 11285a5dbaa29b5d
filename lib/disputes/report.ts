export const reportReasons = {
  evidence_false: "A figure or statement is false",
  rights_infringed: "It uses somebody's work or data without the right to",
  files_harmful: "The files do harm",
  impersonation: "Somebody poses as somebody else",
  personal_data: "It exposes personal data",
  spam: "Spam or advertising",
  page_broken: "The page does not work",
  other: "Something else",
} as const;

export type ReportReason = keyof typeof reportReasons;

export type ReportSubject = { kind: "listing" | "account" | "deal" | "page"; name: string };

/**
 * What a report is about, told from the address of the page: /listings/<slug>, /people/<handle>, /deals/<id>,
 * else the page itself. Anything but an own path becomes "/".
 */
export function subjectOfPath(path: string): ReportSubject {
  const own = /^\/(?!\/)[^\s\\]*$/.test(path) ? path : "/";
  const [, section, id] = own.split(/[?#]/)[0]?.split("/") ?? [];
  if (section === "listings" && id) return { kind: "listing", name: decoded(id) };
  if (section === "people" && id) return { kind: "account", name: decoded(id) };
  if (section === "deals" && id) return { kind: "deal", name: decoded(id) };
  return { kind: "page", name: own.slice(0, 300) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part).slice(0, 200);
  } catch {
    return part.slice(0, 200);
  }
}
