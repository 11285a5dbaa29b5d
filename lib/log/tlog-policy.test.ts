import fc from "fast-check";
import { expect, test } from "vitest";
import { keyFrom } from "./seeded-key.fixture";
import { formatVkey, noteKey } from "./signed-note";
import { PolicyError, formatPolicy, meetsQuorum, readPolicy } from "./tlog-policy";

const log = formatVkey(keyFrom(1, "market.example/log/1", 1).key);
const keys = [10, 11, 12, 13, 14, 15].map((seed) => keyFrom(seed, `w${seed}.example`, 4).key);
const witness = (at: number) => formatVkey(keys[at]!);
const seenBy = (...at: number[]) => at.map((index) => ({ key: keys[index]!, timestamp: 1n }));

const nested = [
  `log ${log} https://market.example/log/1`,
  `witness X1 ${witness(0)}`,
  `witness X2 ${witness(1)} https://x2.example`,
  `witness X3 ${witness(2)}`,
  "group X 2 X1 X2 X3",
  "# the other operator",
  `\t witness Y1 ${witness(3)}`,
  `witness Y2 ${witness(4)}`,
  "group Y any Y1 Y2",
  "",
  "group both all X Y",
  "quorum both",
].join("\n");

test("a quorum of groups holds when each of them does", () => {
  const policy = readPolicy(nested);
  expect(policy.logs[0]?.url).toBe("https://market.example/log/1");
  expect(meetsQuorum(policy, seenBy(0, 1, 3))).toBe(true);
  expect(meetsQuorum(policy, seenBy(1, 2, 4))).toBe(true);
  expect(meetsQuorum(policy, seenBy(0, 3, 4))).toBe(false);
  expect(meetsQuorum(policy, seenBy(0, 1, 2))).toBe(false);
  expect(meetsQuorum(policy, seenBy(0, 0, 3))).toBe(false);
  expect(meetsQuorum(policy, [])).toBe(false);
});

test("k of n witnesses are enough exactly from k on", () => {
  fc.assert(
    fc.property(fc.subarray([0, 1, 2, 3, 4, 5]), fc.integer({ min: 1, max: 6 }), (seen, threshold) => {
      const lines = keys.map((_, at) => `witness w${at} ${witness(at)}`);
      const policy = readPolicy([...lines, `group g ${threshold} w0 w1 w2 w3 w4 w5`, "quorum g"].join("\n"));
      expect(meetsQuorum(policy, seenBy(...seen))).toBe(seen.length >= threshold);
    }),
  );
});

test("a policy without quorum asks for nobody, one witness can be the quorum", () => {
  expect(meetsQuorum(readPolicy(`log ${log}\nquorum none\n`), [])).toBe(true);
  const one = readPolicy(`witness A ${witness(0)}\nquorum A`);
  expect(meetsQuorum(one, seenBy(0))).toBe(true);
  expect(meetsQuorum(one, seenBy(1))).toBe(false);
});

test("a policy is written so that it is read back the same", () => {
  const policy = readPolicy(nested);
  expect(readPolicy(formatPolicy(policy))).toEqual(policy);
  expect(formatPolicy(readPolicy("quorum none"))).toBe("quorum none\n");
});

const a = `witness A ${witness(0)}`;
test.each([
  ["no quorum", `log ${log}`],
  ["two quorums", "quorum none\nquorum none"],
  ["an unknown quorum", "quorum A"],
  ["a quorum before its witness", `quorum A\n${a}`],
  ["an unknown line", "mirror x\nquorum none"],
  ["the same log under another name", `log ${log}\nlog ${formatVkey(keyFrom(1, "b", 1).key)}\nquorum none`],
  ["the same witness twice", `${a}\nwitness B ${witness(0)}\nquorum A`],
  ["a name twice", `${a}\nwitness A ${witness(1)}\nquorum A`],
  ["a witness called none", `witness none ${witness(0)}\nquorum none`],
  ["a log key that is a witness key", `log ${witness(0)}\nquorum none`],
  ["a witness key that is a log key", `witness A ${log}\nquorum A`],
  ["an empty group", `${a}\ngroup g any\nquorum A`],
  ["a group of strangers", `${a}\ngroup g any B\nquorum A`],
  ["a threshold above the members", `${a}\ngroup g 2 A\nquorum g`],
  ["a threshold of zero", `${a}\ngroup g 0 A\nquorum g`],
  ["a member twice", `${a}\ngroup g 2 A A\nquorum g`],
  ["a member of two groups", `${a}\ngroup g all A\ngroup h all A\nquorum g`],
  ["a group of itself", `${a}\ngroup g any g\nquorum A`],
  ["a carriage return", "quorum none\r"],
  ["a broken key", `log ${log.slice(0, -2)}\nquorum none`],
])("a policy with %s is refused as a whole", (_what, text) => {
  expect(() => readPolicy(text)).toThrow(PolicyError);
});

test("thirty-two witnesses and groups fit, and a post-quantum witness is listed", () => {
  const lines = Array.from({ length: 32 }, (_, at) => {
    const key = noteKey(`w${at}.example`, at % 2 ? 4 : 6, new Uint8Array(at % 2 ? 32 : 1312).fill(at));
    return `witness w${at} ${formatVkey(key)}\ngroup g${at} all w${at}`;
  });
  expect(readPolicy([...lines, "quorum g31"].join("\n")).groups.length).toBe(32);
});
