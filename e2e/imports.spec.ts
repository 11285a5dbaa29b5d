import { sampleRows, shortInspectLog } from "./fixtures/foreign-files";
import { expect, signInAs, test } from "./fixtures/sign-in";

const json = (name: string, value: unknown) => ({
  name,
  mimeType: "application/json",
  buffer: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)),
});

test("a seller starts from another tool's rows, sees its traps, and judges what the model says", async ({
  page,
  context,
}) => {
  await signInAs(context, "seller");
  await page.goto("/sell");
  await page
    .getByLabel("Or choose files", { exact: false })
    .setInputFiles(json("samples_mail.jsonl", sampleRows()));
  await page.getByRole("button", { name: "Start a draft" }).click();
  await expect(page).toHaveURL(/\/sell\/[0-9a-f-]{36}/);
  const rows = page.getByRole("region", { name: "samples_mail.jsonl" });
  await expect(rows.getByText("240 rows and 2 slices went into an evaluation below.")).toBeVisible();
  await expect(page.getByText("Works in 1 of 2 slices, 1 fail")).toBeVisible();

  await page.getByText("Judge what it says as slices of their own").click();
  await page.getByRole("checkbox", { name: "says spam 120 rows" }).check();
  await page.getByRole("button", { name: "Count again" }).click();
  await expect(page.getByText(/of 3 slices/)).toBeVisible();
  await page.getByText("All figures").first().click();
  await expect(page.getByText("says spam").first()).toBeVisible();

  const reading = page.getByRole("form", { name: "Read files into the draft" });
  // What is typed while a file is read is saved beside what the file fills in.
  await page.getByLabel("More about it", { exact: false }).fill("Typed by hand");
  await reading
    .getByLabel("Choose files to read", { exact: false })
    .setInputFiles(json("log.json", shortInspectLog));
  await reading.getByRole("button", { name: "Read into the draft" }).click();
  await page.getByLabel("More about it", { exact: false }).fill("Typed by hand, and on");
  const log = page.getByRole("region", { name: "log.json" });
  await expect(log.getByText("The run was limited to 2: it is not full evidence.")).toBeVisible();
  await expect(log.getByText(/What was not used/)).toBeVisible();
  await expect(page.getByText(/^Saved \d+ s ago$/)).toBeVisible();
  await expect(page.getByLabel("Title")).toHaveValue("desk-93m");
  await expect(page.getByLabel("More about it", { exact: false })).toHaveValue("Typed by hand, and on");

  await reading.getByLabel("Choose files to read", { exact: false }).setInputFiles(json("notes.json", "{}"));
  await reading.getByRole("button", { name: "Read into the draft" }).click();
  await expect(reading.getByRole("alert")).toContainText("notes.json is in none of the formats read here");
  await page.getByRole("button", { name: "Remove it and its unsigned rows" }).first().click();
  await expect(log).toBeHidden();
  await page.reload();
  await expect(page.getByLabel("More about it", { exact: false })).toHaveValue("Typed by hand, and on");
});
