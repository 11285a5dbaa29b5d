import "server-only";
import type { Actor, RoleName } from "@/lib/accounts/actor";
import { openDemoAccount } from "@/lib/accounts/commands/demo-account";

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

/**
 * Makes the five demo accounts where they are missing, with a confirmed address and the password `offcut-demo`, and
 * returns them as actors. What a person has changed since (name, roles, password) is left alone.
 */
export async function seedAccounts(): Promise<Record<DemoPerson, Actor>> {
  const actors: Partial<Record<DemoPerson, Actor>> = {};
  for (const person of Object.keys(PEOPLE) as DemoPerson[]) {
    actors[person] = await openDemoAccount({
      ...PEOPLE[person],
      email: `${person}@demo.offcut.test`,
      handle: `demo-${person}`,
      password: DEMO_PASSWORD,
    });
  }
  return actors as Record<DemoPerson, Actor>;
}
