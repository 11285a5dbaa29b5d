import { expect, test } from "vitest";
import { clientIp } from "./client";

test("believes no forwarding header without a trusted proxy", () => {
  expect(clientIp("203.0.113.9", false)).toBeNull();
});

test("takes the address that the nearest proxy wrote, not what the client put before it", () => {
  expect(clientIp("198.51.100.1, 203.0.113.9", true)).toBe("203.0.113.9");
  expect(clientIp("2001:db8::1", true)).toBe("2001:db8::1");
});

test.each([null, "", "unknown", "203.0.113.9, ", "x".repeat(400), "1".repeat(46)])(
  "takes %j for no address",
  (header) => {
    expect(clientIp(header, true)).toBeNull();
  },
);
