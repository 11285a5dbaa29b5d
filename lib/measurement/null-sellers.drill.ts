import { attackNames, markedSeller, type NullSeller, nullSeller, summaryOf } from "./null-sellers.fixture";
import { binomialLowerTail, binomialUpperTail } from "./statistics";

/**
 * Listings of sellers whose model is right no more often than their level in whatever slice, made to look better and taken
 * through the same entrance as any upload: at most 2.5 % may get a filled slice, of each attack and of all.
 */

const SELLERS_PER_ATTACK = 150;
const ALLOWED = 0.025;
const seed = Number(process.env.NULL_SELLERS_SEED ?? 1);

type Taken = { filled: number; sellers: number; through: string[] };

function takeAll(make: (at: number) => NullSeller): Taken {
  const through: string[] = [];
  for (let at = 0; at < SELLERS_PER_ATTACK; at += 1) {
    const seller = make(at);
    const summary = summaryOf(seller);
    if (!summary) throw new Error(`The file of ${seller.attack}, ${at}, was refused.`);
    const filled = summary.slices.filter(({ verdict }) => verdict === "filled");
    if (filled.length === 0) continue;
    const slices = filled.map(
      ({ name, k, n, clustered }) => `${name} (${k} of ${n}, clusters ${clustered?.n ?? n})`,
    );
    through.push(`${seller.attack}, number ${at} at ${seller.level}: ${slices.join("; ")}`);
  }
  return { filled: through.length, sellers: SELLERS_PER_ATTACK, through };
}

/** The limits of Clopper and Pearson at 95 %, by halving. */
function exactInterval({ filled, sellers }: Taken): string {
  const limit = (isBelow: (rate: number) => boolean) => {
    let [low, high] = [0, 1];
    for (let step = 0; step < 50; step += 1) {
      const middle = (low + high) / 2;
      if (isBelow(middle)) low = middle;
      else high = middle;
    }
    return (100 * low).toFixed(2);
  };
  const lower = filled === 0 ? "0" : limit((rate) => binomialUpperTail(filled, sellers, rate) < 0.025);
  const upper =
    filled === sellers ? "100" : limit((rate) => binomialLowerTail(filled, sellers, rate) > 0.025);
  return `${filled} of ${sellers}, ${((100 * filled) / sellers).toFixed(2)} % [${lower}, ${upper}]`;
}

function tell(attack: string, taken: Taken, limit: string, within: boolean): void {
  for (const line of taken.through.slice(0, 10)) console.log(line);
  console.log(
    JSON.stringify({ attack: `no skill: ${attack}`, limit, measured: exactInterval(taken), within }),
  );
}

const all: Taken = { filled: 0, sellers: 0, through: [] };
let failed = 0;
for (const [place, attack] of attackNames.entries()) {
  const taken = takeAll((at) => nullSeller(attack, seed * 100_000_000 + place * 1_000_000 + at));
  all.filled += taken.filled;
  all.sellers += taken.sellers;
  // Chance alone brings a share that lies at the limit above it every other time.
  const within = binomialUpperTail(taken.filled, taken.sellers, ALLOWED) > 0.01;
  if (!within) failed += 1;
  tell(attack, taken, "filled in 2.5 %, not shown to be more (p > 0.01)", within);
}
const isWithin = all.filled / all.sellers <= ALLOWED;
if (!isWithin) failed += 1;
tell("all of these", all, "filled in 2.5 %", isWithin);
tell(
  "marks some of its right rows in a column",
  { ...takeAll((at) => markedSeller(seed * 100_000_000 + at)), through: [] },
  "none: rows alone cannot show it",
  true,
);
if (failed > 0) process.exitCode = 1;
