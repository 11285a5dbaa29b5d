import fc from "fast-check";
import { expect, test } from "vitest";
import { isSafeLink } from "./safe-link";

test.each([
  "https://example.org",
  "HTTPS://Example.org:8443/a%20b?c=d@e#f",
  "https://example.org/@handle",
  "https://münchen.example/übersicht",
  "https://[2001:db8::1]/",
  "mailto:someone@example.org",
  "MAILTO:a.b+c@example.org?subject=Hello%20there",
])("a link may be https or mailto: %s", (href) => {
  expect(isSafeLink(href)).toBe(true);
});

test.each([
  "",
  "example.org",
  "//example.org",
  "/listings/a",
  "#part",
  "http://example.org",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "\u0001javascript:alert(1)",
  "data:text/html,<script>1</script>",
  "vbscript:msgbox",
  "file:///etc/passwd",
  "ftp://example.org",
  "ws://example.org",
  "blob:https://example.org/1",
  "view-source:https://example.org",
  "tel:+49301234",
  "https:example.org",
  "https:/example.org",
  "https:///example.org",
  "https:\\\\example.org",
  "https://",
  "https://exa mple.org",
  "https://user:pass@example.org",
  "https://user@example.org",
  "https://:pass@example.org",
  "https://@example.org",
  "https://:@example.org",
  "https://example.org\\@evil.example",
  "https://paypal.example%2f@evil.example",
  " https://example.org",
  "https://example.org\t/a",
  "https://example.org/\u202Egpj.exe",
  "https://exa\u200Bmple.org",
  "https://example.org/\u{E0041}",
  "https://example.org/\uD800",
  "mailto:",
  "mailto:nobody",
  "mailto:a@b@c",
  "mailto:?to=a@example.org",
  `https://example.org/${"a".repeat(2_000)}`,
])("a link is nothing else: %j", (href) => {
  expect(isSafeLink(href)).toBe(false);
});

test("whatever is called a link opens as https without credentials, or as mail", () => {
  const schemes = fc.constantFrom("https://", "https:", "mailto:", "javascript:", "");
  fc.assert(
    fc.property(schemes, fc.string({ unit: "binary" }), (scheme, rest) => {
      const href = scheme + rest;
      if (!isSafeLink(href)) return;
      const { protocol, username, password } = new URL(href);
      expect(["https:", "mailto:"]).toContain(protocol);
      expect(username + password).toBe("");
    }),
    { numRuns: 2_000 },
  );
});
