export type LicenceFacts = {
  status: "active" | "revoked";
  startsAt: Date;
  /** Null for a perpetual licence. */
  endsAt: Date | null;
};

export type LicenceState = "active" | "not_started" | "ended" | "revoked";

/** What a licence is worth at a time; its last moment is the one before `endsAt`. */
export function licenceState(licence: LicenceFacts, now: Date): LicenceState {
  if (licence.status === "revoked") return "revoked";
  if (now < licence.startsAt) return "not_started";
  return licence.endsAt !== null && now >= licence.endsAt ? "ended" : "active";
}

export function isActiveAt(licence: LicenceFacts, now: Date): boolean {
  return licenceState(licence, now) === "active";
}

/** The same day that many months later, or the month's last day where it has no such day. UTC. */
export function termEnd(startsAt: Date, termMonths: number | null): Date | null {
  if (termMonths === null) return null;
  const end = new Date(startsAt);
  end.setUTCDate(1);
  end.setUTCMonth(end.getUTCMonth() + termMonths);
  const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  end.setUTCDate(Math.min(startsAt.getUTCDate(), lastDay));
  return end;
}
