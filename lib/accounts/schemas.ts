import { z } from "zod";
import { UNSEEN_REFUSED, isPlainName } from "@/lib/shared/plain-name";
import { PASSWORD_MIN } from "./password-length";
import { readEnrolmentRequest } from "./enrolment-request";
import { displayNameProblem, websiteProblem } from "./profile";

/** One line of text without space around it. */
const line = (max: number) => z.string().trim().max(max, `Use at most ${max} characters.`);
const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, "This address is too long.")
  .pipe(z.email("Write an address such as name@example.org."));
const password = z.string().min(1, "Type your password.").max(1000, "This is too long for a password.");
/** What does not depend on the account is said together with the other fields; `passwordProblem` says the rest. */
const newPassword = z
  .string()
  .refine((text) => [...text].length >= PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters.`)
  .max(1000, "Use at most 200 characters.");
const token = z.string().max(200).default("");
const next = z.string().max(2000).default("/");
const id = z.string().min(1).max(100);
const reason = line(500).min(3, "Say why, in a few words.");

/** A check of the core that answers with a sentence, as a Zod check. */
function without(problem: (value: string) => string | null) {
  return z.string().superRefine((value, context) => {
    const message = problem(value);
    if (message) context.addIssue({ code: "custom", message });
  });
}

/** What proves a second step: a code that is typed, or a passkey's answer as JSON. */
const code = z.string().trim().max(60, "This is longer than any code.");
const passkey = z.string().max(20_000);
const secondStep = { code: code.optional(), passkey: passkey.optional() };
export const reauthentication = { password, ...secondStep };

export const nothingInput = z.object({});

export const signInInput = z.object({ email, password, next });
export const signUpInput = z.object({
  displayName: z.string().trim().pipe(without(displayNameProblem)),
  email,
  password: newPassword,
});
export const confirmAddressInput = z.object({ token, password: z.string().max(1000).default("") });
export const requestPasswordResetInput = z.object({ email });
export const resetPasswordInput = z.object({ token, password: newPassword, ...secondStep });
export const changePasswordInput = z.object({ currentPassword: password, newPassword, ...secondStep });
export const finishSecondStepInput = z.object(secondStep);
export const signInByPasskeyInput = z.object({ passkey, next });

const factorLabel = line(60).min(1, "Name it, so that you know it again.");
export const startAppInput = z.object({ label: factorLabel, ...reauthentication });
export const confirmAppInput = z.object({ code });
export const offerEnrolmentInput = z.object({ label: factorLabel, ...reauthentication });
export const addPasskeyInput = z.object({ label: factorLabel, passkey });
export const renameFactorInput = z.object({ factorId: id, label: factorLabel });
export const removeFactorInput = z.object({ factorId: id, ...reauthentication });
export const replaceRecoveryCodesInput = z.object(reauthentication);
export const askFactorRemovalInput = z.object({ handle: line(30), reason });
export const factorRemovalInput = z.object({ removalId: id });

export const changeProfileInput = z.object({
  displayName: line(60),
  handle: line(30).toLowerCase(),
  bio: z.string().trim().max(1000, "Use at most 1,000 characters."),
  websiteUrl: z.string().trim().pipe(without(websiteProblem)),
});

export const endSessionInput = z.object({ sessionId: id });

const base64 = z
  .string()
  .max(400)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, "This is not base64.");
const keyLabel = line(60)
  .min(1, "Name the device, so that you know it again.")
  .refine(isPlainName, UNSEEN_REFUSED);
export const enrolKeyInput = z.object({ spki: base64, proof: base64, label: keyLabel });
export const enrolKeyByPasswordInput = enrolKeyInput.extend(reauthentication);
export const enrolKeyByKeyInput = enrolKeyInput.extend({
  kind: z.enum(["device", "command_line", "delegated"]).default("device"),
  byKeyId: id,
  signature: base64,
});
export const enrolCommandLineKeyInput = z.object({
  request: z
    .string()
    .max(4_000, "This is longer than what keygen prints.")
    .transform((text, context) => {
      const request = readEnrolmentRequest(text);
      if (!request)
        context.addIssue({ code: "custom", message: "Paste the whole line that keygen printed." });
      return request ?? z.NEVER;
    })
    .pipe(enrolKeyInput),
  accountPassword: password,
  ...secondStep,
});
export const approveKeyInput = z.object({ keyId: id, byKeyId: id, signature: base64 });
export const revokeKeyInput = z.object({ keyId: id });

export const changeRoleInput = z.object({
  handle: line(30),
  role: z.enum(["evaluator", "moderator", "administrator"]),
  reason,
});

export const searchAccountsInput = z.object({ q: line(60).catch("").default("") });
