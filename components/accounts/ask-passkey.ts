import type { ActionState } from "@/lib/accounts/action-state";

type Offer = (previous: null, form: FormData) => Promise<ActionState>;

/** What the device said, or why it said nothing. */
export type DeviceAnswer = { passkey: string } | { refusal: ActionState };

function refusal(message: string): DeviceAnswer {
  return { refusal: { ok: false, code: "passkey_unproven", message, fields: {}, values: {} } };
}

function optionsOf<T>(offered: ActionState & { ok: true }): T {
  return JSON.parse(offered.values?.options ?? "null") as T;
}

/** Lets this device prove a passkey, to what the server offers. */
export async function askPasskey(offer: Offer): Promise<DeviceAnswer> {
  const asked = new FormData();
  asked.set("requestKey", crypto.randomUUID());
  const offered = await offer(null, asked);
  if (!offered.ok) return { refusal: offered };
  const { startAuthentication } = await import("@simplewebauthn/browser");
  try {
    return { passkey: JSON.stringify(await startAuthentication({ optionsJSON: optionsOf(offered) })) };
  } catch {
    return refusal("Your device gave no passkey. Try again, or use another way.");
  }
}

/** Lets this device make a passkey. */
export async function makePasskey(offered: ActionState & { ok: true }): Promise<DeviceAnswer> {
  const { startRegistration } = await import("@simplewebauthn/browser");
  try {
    return { passkey: JSON.stringify(await startRegistration({ optionsJSON: optionsOf(offered) })) };
  } catch (error) {
    const isKnown = error instanceof Error && error.name === "InvalidStateError";
    return refusal(
      isKnown
        ? "This device holds a passkey of this account already."
        : "Your device made no passkey. Try again, or add an authenticator app.",
    );
  }
}
