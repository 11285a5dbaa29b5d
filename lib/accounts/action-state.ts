import type { z } from "zod";
import type { DomainError, RefusalCode } from "@/lib/shared/domain-error";

/** Why a browser has no key to sign with; no server says so. */
type NoDeviceKey = "no_device_key" | "needs_approval" | "unavailable";

/** What a form gets back from its action. */
export type ActionState =
  | {
      ok: true;
      message?: string;
      /** What the page should know next, such as a draft's new revision. Never secrets. */
      values?: Record<string, string>;
      /** Secrets that this answer shows, and nothing ever again. */
      shownOnce?: string[];
    }
  | {
      ok: false;
      code: RefusalCode | NoDeviceKey;
      message: string;
      /** Field name → what is wrong with it. */
      fields: Record<string, string>;
      /** What the person had written, so that nothing is lost. Never secrets. */
      values: Record<string, string>;
    };

type Issue = { path: PropertyKey[]; message: string };

/** Plain words for what a schema says nothing of its own about; undefined leaves it to the library. */
export function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  const isText = issue.code.startsWith("too_") && "origin" in issue && issue.origin === "string";
  if (issue.code === "too_big" && isText) return `Keep it to ${String(issue.maximum)} characters.`;
  if (issue.code === "too_small" && isText) {
    return Number(issue.minimum) <= 1
      ? "Write something here."
      : `Write at least ${String(issue.minimum)} characters.`;
  }
  if (issue.code === "invalid_value") return "Choose one of the answers.";
  return issue.code === "invalid_type" && issue.input === undefined ? "This is missing." : undefined;
}

/** Lists what is wrong field by field and keeps what was written. */
export function invalidInput(issues: readonly Issue[], values: Record<string, string>): ActionState {
  const fields: Record<string, string> = {};
  for (const issue of issues) fields[String(issue.path[0] ?? "form")] ??= issue.message;
  return { ok: false, code: "invalid_input", message: "Some answers need another look.", fields, values };
}

export function refused(error: DomainError, values: Record<string, string>): ActionState {
  return { ok: false, code: error.code, message: error.message, fields: error.fields, values };
}
