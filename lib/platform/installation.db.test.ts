import { expect, test, vi } from "vitest";
import { openInstallation, readInstallation } from "./installation";

// As a container gets a setting that nobody gave.
vi.hoisted(() => {
  process.env["APP_ORIGIN"] = "https://market.example";
  process.env["LOG_ORIGIN"] = "";
});

test("an empty name of the log is none, at the first start and at later ones", async () => {
  await openInstallation();
  await openInstallation();
  expect(await readInstallation()).toMatchObject({ logOrigin: "market.example/log/1" });
});
