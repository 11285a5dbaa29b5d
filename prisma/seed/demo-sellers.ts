import "server-only";
import { type Actor, actorOf } from "@/lib/accounts/actor";
import { hashPassword } from "@/lib/accounts/sign-in";
import { db } from "@/lib/platform/db";
import { DEMO_PASSWORD } from "./accounts";

export type DemoSeller = "workshop" | "desk";

/** Two sellers besides `seller@`, so that the demo market is not one person. Each signs in like the others. */
const SELLERS: Record<DemoSeller, { displayName: string; bio: string }> = {
  workshop: {
    displayName: "Offcut demo workshop",
    bio: "Trains small models from the scripts of this repository. A demo account, run by this installation.",
  },
  desk: {
    displayName: "Offcut demo data desk",
    bio: "Collects rows, keeps them apart by source, and sells what was learned from them. A demo account, run by this installation.",
  },
};

/** Makes the demo sellers where they are missing and returns them; what somebody changed since is left alone. */
export async function seedSellers(): Promise<Record<DemoSeller, Actor>> {
  const sellers: Partial<Record<DemoSeller, Actor>> = {};
  for (const name of Object.keys(SELLERS) as DemoSeller[]) {
    const email = `${name}@demo.offcut.test`;
    const account =
      (await db.account.findUnique({ where: { email } })) ??
      (await db.account.create({
        data: {
          email,
          emailVerifiedAt: new Date(),
          passwordHash: await hashPassword(DEMO_PASSWORD),
          handle: `demo-${name}`,
          ...SELLERS[name],
          isDemo: true,
        },
      }));
    const { id: accountId, displayName, handle, roles } = account;
    sellers[name] = actorOf({ accountId, displayName, handle, roles });
  }
  return sellers as Record<DemoSeller, Actor>;
}
