/** A generator of chance that gives the same sequence for the same seed (mulberry32). */
export function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const WORDS = [
  "",
  "N/A",
  "NaN",
  "Infinity",
  "-Infinity",
  "91.5%",
  "0.9 ± 0.1",
  "\0",
  "\ud800",
  "__proto__",
  "constructor",
  "x".repeat(5_000),
  "-----BEGIN PUBLIC KEY-----",
  "../../etc/passwd",
  "javascript:alert(1)",
  "eyJfdHlwZSI6e319",
  "2026-13-99T99:99:99Z",
];

/** Any JSON value: odd numbers, odd texts, deep nesting, names that objects inherit. */
export function hostileValue(chance: () => number, depth = 0): unknown {
  const pick = Math.floor(chance() * (depth > 4 ? 6 : 9));
  if (pick === 0) return null;
  if (pick === 1) return chance() < 0.5;
  if (pick === 2) return Math.floor((chance() - 0.5) * 1e6);
  if (pick === 3)
    return [1e308, -0, Number.MAX_SAFE_INTEGER + 2, 0.1 + 0.2, -1, 1e-320][Math.floor(chance() * 6)];
  if (pick <= 5) return WORDS[Math.floor(chance() * WORDS.length)];
  if (pick === 6)
    return Array.from({ length: Math.floor(chance() * 5) }, () => hostileValue(chance, depth + 1));
  const record: [string, unknown][] = Array.from({ length: Math.floor(chance() * 5) }, (_, index) => [
    chance() < 0.3 ? (WORDS[Math.floor(chance() * WORDS.length)] ?? "") : `key${index}`,
    hostileValue(chance, depth + 1),
  ]);
  return Object.fromEntries(record);
}

/** A valid file with some of its values replaced, removed or doubled. */
export function damagedValue(value: unknown, chance: () => number): unknown {
  if (chance() < 0.06) return hostileValue(chance);
  if (Array.isArray(value)) {
    const members = value.map((member: unknown) => damagedValue(member, chance));
    if (chance() < 0.1) return [...members, ...members];
    return chance() < 0.1 ? members.slice(1) : members;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(() => chance() > 0.04);
  return Object.fromEntries(entries.map(([key, member]) => [key, damagedValue(member, chance)]));
}

/** A text with bytes cut out, repeated or replaced. */
export function damagedBytes(bytes: Uint8Array, chance: () => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = () => Math.floor(chance() * (copy.length + 1));
  const kind = Math.floor(chance() * 4);
  if (kind === 0) return copy.subarray(0, at());
  if (kind === 1) return copy.subarray(at());
  for (let count = 0; count < 1 + chance() * 20; count++) copy[at()] = Math.floor(chance() * 256);
  return copy;
}

/** One hostile variant of a sample, by its number alone. */
export function hostileFile(sample: { name: string; bytes: Uint8Array }, seed: number): Uint8Array {
  const chance = chanceFrom(seed);
  const way = chance();
  if (way < 0.45) return damagedBytes(sample.bytes, chance);
  if (way < 0.55) return new TextEncoder().encode(JSON.stringify(hostileValue(chance)));
  if (way < 0.58) return new TextEncoder().encode("[".repeat(20_000) + "]".repeat(20_000));
  const text = new TextDecoder().decode(sample.bytes);
  const lines = sample.name.endsWith(".jsonl") ? text.trim().split("\n") : [text];
  try {
    const damaged = lines.map((line) => JSON.stringify(damagedValue(JSON.parse(line), chance)));
    return new TextEncoder().encode(damaged.join("\n"));
  } catch {
    // The sample is no JSON: its text is damaged instead.
    return damagedBytes(sample.bytes, chance);
  }
}
