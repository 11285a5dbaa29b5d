import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { readEnvelope } from "@/lib/statements/dsse";
import { isSignedBy } from "@/lib/statements/statements.fixture";
import { decodeBase64 } from "@/lib/shared/encoding";
import { importForeign, verdictOf } from "@/lib/formats/import-foreign";
import { expect, test } from "./fixtures/sign-in";

type Found = { listings: { slug: string }[] };
type Attestations = { attestations: { keySpkiBase64: string; sha256: string }[] };

test("every listing of the market has a passport: valid, signed, with its records inside, and readable again", async ({
  request,
}) => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  const { listings } = (await (await request.get("/api/v1/listings?limit=50")).json()) as Found;
  expect(listings.length).toBeGreaterThan(7);
  const platform = (await (
    await request.get(`/api/v1/listings/${listings[0]?.slug}/attestations`)
  ).json()) as Attestations;
  expect(platform.attestations.length).toBeGreaterThan(0);
  for (const { slug } of listings) {
    const answer = await request.get(`/listings/${slug}/passport.cdx.json`);
    const text = await answer.text();
    expect(await validator.validate(text), slug).toBeNull();
    const attested = (await (
      await request.get(`/api/v1/listings/${slug}/attestations`)
    ).json()) as Attestations;
    for (const { sha256 } of attested.attestations) expect(text).toContain(`${sha256}.dsse.json`);
    expect(verdictOf(await importForeign(`${slug}.cdx.json`, text)), slug).toBe("read");
    const envelope = readEnvelope(await (await request.get(`/listings/${slug}/passport.dsse.json`)).text());
    if (!envelope) throw new Error(`${slug} has no signed passport`);
    expect(new TextDecoder().decode(decodeBase64(envelope.payload) ?? undefined)).toBe(text);
    const keys = platform.attestations.map(
      ({ keySpkiBase64 }) => decodeBase64(keySpkiBase64) ?? new Uint8Array(),
    );
    expect(await isSignedBy(envelope, keys), slug).toBe(true);
    const etag = answer.headers()["etag"] ?? "";
    const again = await request.get(`/listings/${slug}/passport.cdx.json`, {
      headers: { "if-none-match": etag },
    });
    expect(again.status()).toBe(304);
  }
});

test("a reader downloads the passport from the listing", async ({ page }) => {
  await page.goto("/listings/short-mail-spam-check");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download passport" }).click();
  expect((await download).suggestedFilename()).toBe("short-mail-spam-check.cdx.json");
  expect((await page.request.get("/listings/no-such-listing/passport.cdx.json")).status()).toBe(404);
});
