import { randomBytes, randomUUID } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { db } from "@/lib/platform/db";
import { sealSecret } from "@/lib/platform/master-key";
import { secretName } from "./commands/prove-second-step";
import { TOTP_SECRET_BYTES } from "./totp";

/** An authenticator app of an account, as if it had been added a while ago; `code` is what it shows now, or steps later. */
export async function addApp(accountId: string): Promise<{ id: string; code: (steps?: number) => string }> {
  const id = randomUUID();
  const secret = randomBytes(TOTP_SECRET_BYTES);
  await db.secondFactor.create({
    data: {
      ...{ id, accountId, kind: "totp", label: "Phone", confirmedAt: new Date(), lastStep: 0 },
      sealedSecret: sealSecret(secret, secretName(id)),
    },
  });
  return { id, code: codesOf(secret.toString("hex")) };
}

/** What an app with this secret shows now, or `steps` of 30 seconds later. */
export function codesOf(hex: string): (steps?: number) => string {
  const totp = new TOTP({ secret: Secret.fromHex(hex) });
  return (steps = 0) => totp.generate({ timestamp: Date.now() + steps * 30_000 });
}
