/**
 * Fills a demo installation: accounts, then one model after the other, each really run before it is listed. What is
 * done is never done again, and what was interrupted is taken up where it stopped.
 */
import { openPlatformKey } from "@/lib/evidence/commands/platform-key";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openInstallation } from "@/lib/platform/installation";
import { seedAccounts } from "./accounts";
import { seedDeals } from "./deals";
import { confirmHouses } from "./demo-claims";
import { seedHouses } from "./demo-houses";
import { demoModels, servedModels } from "./models/catalogue";
import { oneAtATime } from "./one-at-a-time";
import { listSeededModels } from "./seeded-models";

/** Who sells what; everything else is `seller@`'s. */
const sellerOf: Partial<Record<string, "workshop" | "desk">> = {
  "package-shelf": "workshop",
  "clothing-thumbnails": "workshop",
  "connect-four-reflexes": "workshop",
  "cld3-long-text": "desk",
  "voice-on-the-line": "desk",
  "bird-strike-damage": "workshop",
  "weather-without-rain-gauge": "desk",
  "german-paperwork-served": "desk",
};

async function seed(): Promise<void> {
  await openInstallation();
  await openPlatformKey();
  if (!env().OFFCUT_DEMO) return say("Nothing to fill in: this is not a demo installation.");
  const people = { ...(await seedAccounts()), ...(await seedHouses()) };
  const accounts = new Map(Object.values(people).map((actor) => [actor.displayName, actor.accountId]));
  const seeded = await listSeededModels();
  const missing = [...demoModels, ...servedModels].filter(({ slug }) => !seeded.has(slug));
  if (missing.length > 0) await seedModels(missing, people, accounts);
  await confirmHouses([people.workshop, people.desk, people.bench]);
  const deals = await seedDeals(people.buyer, people.seller);
  say(deals > 0 ? `${deals} demo deals` : "The demo market is complete.");
}

type People = Awaited<ReturnType<typeof seedAccounts>> & Awaited<ReturnType<typeof seedHouses>>;

async function seedModels(
  missing: readonly (typeof demoModels)[number][],
  people: People,
  accounts: ReadonlyMap<string, string>,
): Promise<void> {
  // Loads the model runtimes, which a start with nothing to do can spare.
  const { seedModel } = await import("./seed-model");
  for (const [index, model] of missing.entries()) {
    const startedAt = performance.now();
    const house = sellerOf[model.slug];
    const seller = people[house ?? "seller"];
    const isHouse = house !== undefined;
    const measured = await seedModel(model, { seller, isHouse, evaluator: people.bench, accounts });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    say(`${index + 1} of ${missing.length}: ${model.title}: ${measured} (${seconds} s)`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await oneAtATime(seed);
} finally {
  await db.$disconnect();
}
