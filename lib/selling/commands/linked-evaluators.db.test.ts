import { beforeAll, expect, test } from "vitest";
import { openPerson } from "@/lib/accounts/person.fixture";
import { takeStance } from "@/lib/evidence/commands/take-stance";
import { contributorOf } from "@/lib/evidence/claim";
import { listStandingClaims } from "@/lib/evidence/records/claims";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { reviseFields } from "../claims.fixture";
import { birdsFrom, evaluate, fileOfBirds, listPenguins } from "../penguins.fixture";

beforeAll(openInstallation);

const gradeOf = async (listingId: string) =>
  (await db.listing.findUniqueOrThrow({ where: { id: listingId } })).evidenceGrade;

test("who shares in another listing of the same seller is no independent evaluator of this one", async () => {
  const { actor: seller } = await openPerson("Seller");
  const { actor: eva } = await openPerson("Eva", { roles: ["evaluator"] });
  const [one, other] = [await listPenguins(seller), await listPenguins(seller)];
  await db.contributorShare.create({
    data: {
      ...{ listingId: other.listingId, accountId: eva.accountId, name: "Eva" },
      ...{ contribution: "labels", shareBasisPoints: 10_000 },
    },
  });
  const file = fileOfBirds(await birdsFrom(0, 60));
  await expect(evaluate(eva, one.slug, file)).rejects.toMatchObject({ code: "not_independent" });
});

test("a seller who names an evaluator as a contributor weakens their run only until the evaluator rejects it", async () => {
  const { actor: seller } = await openPerson("Seller");
  const { actor: eva } = await openPerson("Eva", { roles: ["evaluator"] });
  const { listingId, slug } = await listPenguins(seller);
  await evaluate(eva, slug, fileOfBirds(await birdsFrom(0, 120, 60)));
  expect(await gradeOf(listingId)).toBe("third_party");
  const contributors = [
    { name: "", handle: seller.handle, contribution: "training", sharePercent: "99" },
    { name: "", handle: eva.handle, contribution: "labels", sharePercent: "1" },
  ];
  await reviseFields(seller, listingId, (fields) => ({ ...fields, contributors }));
  expect(await gradeOf(listingId)).toBe("seller_signed");
  const claims = await listStandingClaims(db, listingId);
  const claim = claims.find((standing) => contributorOf(standing) === eva.accountId);
  await takeStance(eva, { claimId: claim?.id ?? "", stance: "rejected" });
  expect(await gradeOf(listingId)).toBe("third_party");
});
