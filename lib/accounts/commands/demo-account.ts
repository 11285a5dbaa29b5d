import "server-only";
import { db } from "@/lib/platform/db";
import { type Actor, type RoleName, actorOf } from "../actor";
import { hashPassword } from "../session/sign-in";

export type DemoAccount = {
  email: string;
  handle: string;
  displayName: string;
  bio: string;
  roles: RoleName[];
  password: string;
};

/**
 * The demo account with this address, opened with a confirmed address where it is missing. What somebody has changed
 * since is left alone. For filling a demo installation; no form leads here.
 */
export async function openDemoAccount({ password, ...facts }: DemoAccount): Promise<Actor> {
  const { email } = facts;
  const known = await db.account.findUnique({ where: { email } });
  const { id, displayName, handle, roles } =
    known ??
    (await db.account.create({
      data: {
        ...facts,
        emailVerifiedAt: new Date(),
        passwordHash: await hashPassword(password),
        isDemo: true,
      },
    }));
  return actorOf({ accountId: id, displayName, handle, roles });
}
