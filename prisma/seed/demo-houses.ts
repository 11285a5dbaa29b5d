import "server-only";
import type { Actor, RoleName } from "@/lib/accounts/actor";
import { openDemoAccount } from "@/lib/accounts/commands/demo-account";
import { DEMO_PASSWORD } from "./accounts";

export type DemoHouse = "workshop" | "desk" | "bench";

/**
 * Two sellers besides `seller@`, so that the demo market is not one person, and a test bench that evaluates. This
 * installation holds their keys, so none of them is independent of another's model; the five people's first keys are left
 * to their own browsers.
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
    bio: "Judges models on rows that their sellers never saw, made anew for the purpose. A demo account, run by this installation like the houses whose models it judges, so it is independent of none of them.",
    roles: ["evaluator"],
  },
};

/** Makes the demo houses where they are missing and returns them; what somebody changed since is left alone. */
export async function seedHouses(): Promise<Record<DemoHouse, Actor>> {
  const houses: Partial<Record<DemoHouse, Actor>> = {};
  for (const name of Object.keys(HOUSES) as DemoHouse[]) {
    houses[name] = await openDemoAccount({
      ...HOUSES[name],
      email: `${name}@demo.offcut.test`,
      handle: `demo-${name}`,
      password: DEMO_PASSWORD,
    });
  }
  return houses as Record<DemoHouse, Actor>;
}
