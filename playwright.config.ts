import { defineConfig, devices } from "@playwright/test";

/** Journeys run against a market that is open already: `lib/launch/test.mjs` opens one, or name one by APP_ORIGIN. */
const baseURL = process.env.APP_ORIGIN ?? "http://localhost:3000";

const chromium = {
  ...devices["Desktop Chrome"],
  launchOptions: {
    executablePath: process.env.CHROMIUM_PATH || undefined,
    args: [
      // A container gives Chromium no privilege to build its own sandbox.
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--disable-quic",
    ],
  },
};

/** Journeys that move the clock of the whole market run after all others, whose deals it would move on. */
const movesClock = /by the clock/;

export default defineConfig({
  testDir: "e2e",
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  outputDir: "test-results",
  reporter: process.env.JOURNEYS_REPORT
    ? [["list"], ["json", { outputFile: process.env.JOURNEYS_REPORT }]]
    : [["list"]],
  use: { baseURL, trace: "retain-on-failure", screenshot: "only-on-failure" },
  projects: [
    { name: "chromium", testIgnore: "**/*.nojs.spec.ts", grepInvert: movesClock, use: chromium },
    { name: "no-javascript", testMatch: "**/*.nojs.spec.ts", use: { ...chromium, javaScriptEnabled: false } },
    { name: "clock", grep: movesClock, dependencies: ["chromium", "no-javascript"], use: chromium },
  ],
});
