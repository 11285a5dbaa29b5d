import "server-only";
import { type Actor, type RoleName, actorOf } from "@/lib/accounts/actor";
import { hashPassword } from "@/lib/accounts/session/sign-in";
import { db } from "@/lib/platform/db";
import { DEMO_PASSWORD } from "./accounts";

export type DemoHouse = "workshop" | "desk" | "bench";

/**
 * Two sellers besides `seller@`, so that the demo market is not one person, and a test bench that evaluates. This
 * installation holds their keys; the five people's first keys are left to their own browsers.
 */
const HOUSES: Record<DemoHouse, { displayName: string; bio: string; roles: RoleName[] }> = {
  workshop: {
    displayName: "Offcut demo workshop",
    bio: "Trains small models from the scripts of this repository. A demo account, run by this installation.",
    roles: [],
  },
  desk: {
    displayName: "Offcut demo data desk",
    bio: "Collects rows, keeps them apart by source, and sells what was learned from them. A demo account, run by this installation.",
    roles: [],
  },
  bench: {
    displayName: "Offcut demo test bench",
    bio: "Judges models on rows that their sellers never saw, made anew for the purpose. A demo account, run by this installation.",
    roles: ["evaluator"],
  },
};

/** Makes the demo houses where they are missing and returns them; what somebody changed since is left alone. */
export async function seedHouses(): Promise<Record<DemoHouse, Actor>> {
  const houses: Partial<Record<DemoHouse, Actor>> = {};
  for (const name of Object.keys(HOUSES) as DemoHouse[]) {
    const email = `${name}@demo.offcut.test`;
    const account =
      (await db.account.findUnique({ where: { email } })) ??
      (await db.account.create({
        data: {
          email,
          emailVerifiedAt: new Date(),
          passwordHash: await hashPassword(DEMO_PASSWORD),
          handle: `demo-${name}`,
          ...HOUSES[name],
          isDemo: true,
        },
      }));
    const { id: accountId, displayName, handle, roles } = account;
    houses[name] = actorOf({ accountId, displayName, handle, roles });
  }
  return houses as Record<DemoHouse, Actor>;
}
