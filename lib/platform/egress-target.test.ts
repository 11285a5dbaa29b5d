import { describe, expect, it } from "vitest";
import { checkedAddress, refusedTarget } from "./egress-target";

const leadsTo =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

describe("what goes out to an address that a stranger named", () => {
  it.each([
    "http://example.com/",
    "https://example.com:8080/",
    "https://example.com:22/",
    "https://somebody:word@example.com/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0x7f.0.0.1/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://255.255.255.255/",
    "https://224.0.0.1/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fe80::1]/",
    "https://[fc00::1]/",
    "https://[2002:7f00:1::]/",
    "ftp://example.com/",
    "file:///etc/hostname",
    "nonsense",
  ])("is not sent to %s", (url) => {
    expect(refusedTarget(url)).not.toBeNull();
  });

  it.each([
    "https://example.com/",
    "https://example.com:8443/v1",
    "https://93.184.216.34/",
    "https://[2606:4700::1111]/",
  ])("may be sent to %s", (url) => {
    expect(refusedTarget(url)).toBeNull();
  });

  it("is not sent where any address of a name is not for everybody", async () => {
    const refused = expect.objectContaining({ code: "egress_refused" });
    for (const hidden of ["127.0.0.1", "::1", "10.1.2.3", "::ffff:192.168.0.1", "fd00::1", "169.254.169.254"])
      await expect(checkedAddress("a.test", leadsTo("93.184.216.34", hidden))).rejects.toThrow(refused);
    await expect(checkedAddress("a.test", leadsTo())).rejects.toThrow(
      expect.objectContaining({ code: "egress_failed" }),
    );
  });

  it("goes to exactly the address that was looked at, however the name answers later", async () => {
    let asked = 0;
    const rebinding = async () => leadsTo(asked++ === 0 ? "93.184.216.34" : "127.0.0.1")();
    expect(await checkedAddress("a.test", rebinding)).toEqual({ address: "93.184.216.34", family: 4 });
    expect(asked).toBe(1);
  });
});
