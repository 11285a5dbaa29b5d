import fc from "fast-check";
import { expect, test } from "vitest";
import { clientNetwork } from "./client";

test("without a trusted proxy the socket says who sends, whatever a header says", () => {
  expect(clientNetwork("198.51.100.1", "203.0.113.9", false)).toBe("198.51.100.1");
  expect(clientNetwork("198.51.100.1", null, false)).toBe("198.51.100.1");
  expect(clientNetwork(null, "203.0.113.9", false)).toBeNull();
});

test("behind a trusted proxy it is the address that the proxy wrote, not what the client put before it", () => {
  expect(clientNetwork("127.0.0.1", "198.51.100.1, 203.0.113.9", true)).toBe("203.0.113.9");
  expect(clientNetwork("127.0.0.1", null, true)).toBeNull();
});

test.each([
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::", "2001:db8:1:2::/64"],
  ["2001:DB8::1", "2001:db8:0:0::/64"],
  ["::1", "127.0.0.1"],
  ["::", "0:0:0:0::/64"],
  ["1::2:3:4:5:6:7", "1:0:2:3::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
])("%s is counted as %s", (address, network) => {
  expect(clientNetwork(address, null, false)).toBe(network);
});

test.each([
  "",
  "unknown",
  "203.0.113.9, ",
  "x".repeat(400),
  "1".repeat(46),
  "1.2.3",
  "1.2.3.999",
  "::1]/[::2",
  ":",
])("%j is no address", (header) => {
  expect(clientNetwork(null, header, true)).toBeNull();
});

test("all addresses of one /64 are one client, and those of another are not", () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const groups = fc.array(group, { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(groups, fc.array(group, { minLength: 4, maxLength: 4 }), (address, others) => {
      const text = (parts: number[]) => parts.map((part) => part.toString(16)).join(":");
      const network = clientNetwork(text(address), null, false);
      expect(clientNetwork(text([...address.slice(0, 4), ...others]), null, false)).toBe(network);
      const next = [address[0]! ^ 1, ...address.slice(1)];
      expect(clientNetwork(text(next), null, false)).not.toBe(network);
    }),
  );
});
