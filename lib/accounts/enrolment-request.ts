/**
 * The request that `offcut keygen --account ID` prints: one line of JSON with the key's public half, its own signature
 * over its enrolment, and a name. Returns what stands in it, unchecked; null for anything that is no JSON object.
 */
export function readEnrolmentRequest(
  pasted: string,
): { spki: unknown; proof: unknown; label: unknown } | null {
  // What surrounds the line when a whole screen is copied does no harm.
  const line = /\{.*\}/s.exec(pasted)?.[0];
  if (line === undefined) return null;
  try {
    // A terminal may have broken the long line.
    const value: unknown = JSON.parse(line.replace(/[\r\n]+\s*/g, ""));
    if (typeof value !== "object" || value === null) return null;
    const { spki, proof, label } = value as { spki?: unknown; proof?: unknown; label?: unknown };
    return { spki, proof, label };
  } catch {
    return null;
  }
}
