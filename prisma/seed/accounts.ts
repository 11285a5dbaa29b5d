import "server-only";
import { type Actor, actorOf, type RoleName } from "@/lib/accounts/actor";
import { hashPassword } from "@/lib/accounts/session/sign-in";
import { db } from "@/lib/platform/db";

export const DEMO_PASSWORD = "offcut-demo";

export type DemoPerson = "buyer" | "seller" | "evaluator" | "moderator" | "administrator";

const PEOPLE: Record<DemoPerson, { displayName: string; bio: string; roles: RoleName[] }> = {
  buyer: {
    displayName: "Buyer (demo)",
    bio: "Licenses small models for narrow jobs. Everything this account pays is simulated.",
    roles: [],
  },
  seller: {
    displayName: "Seller (demo)",
    bio: "Offers the models that Offcut trained and measured for this demo installation.",
    roles: [],
  },
  evaluator: {
    displayName: "Evaluator (demo)",
    bio: "Runs models on rows the seller does not hold, and signs what came out.",
    roles: ["evaluator"],
  },
  moderator: {
    displayName: "Moderator (demo)",
    bio: "Settles disputes from evidence.",
    roles: ["moderator"],
  },
  administrator: {
    displayName: "Administrator (demo)",
    bio: "Grants roles and looks after this installation.",
    roles: ["moderator", "administrator"],
  },
};

export function demoEmail(person: DemoPerson): string {
  return `${person}@demo.offcut.test`;
}

/**
 * Makes the five demo accounts where they are missing, with a confirmed address and the password `offcut-demo`, and
 * returns them as actors. What a person has changed since (name, roles, password) is left alone.
 */
export async function seedAccounts(): Promise<Record<DemoPerson, Actor>> {
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  const actors: Partial<Record<DemoPerson, Actor>> = {};
  for (const person of Object.keys(PEOPLE) as DemoPerson[]) {
    const { displayName, bio, roles } = PEOPLE[person];
    const email = demoEmail(person);
    const account = await db.account.upsert({
      where: { email },
      create: {
        email,
        emailVerifiedAt: new Date(),
        passwordHash,
        handle: `demo-${person}`,
        displayName,
        bio,
        roles,
        isDemo: true,
      },
      update: {},
    });
    actors[person] = actorOf({
      accountId: account.id,
      displayName: account.displayName,
      handle: account.handle,
      roles: account.roles,
    });
  }
  return actors as Record<DemoPerson, Actor>;
}
