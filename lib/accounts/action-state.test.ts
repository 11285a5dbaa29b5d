import { expect, test } from "vitest";
import { z } from "zod";
import { invalidInput, plainMessage } from "./action-state";

const schema = z.object({
  long: z.string().max(10),
  short: z.string().min(3),
  empty: z.string().min(1),
  missing: z.string(),
  choice: z.enum(["yes", "no"]),
  own: z.string().max(2, "Two letters."),
});

test("what a schema leaves unsaid is said plainly, and what it says itself stays", () => {
  const input = { long: "x".repeat(11), short: "x", empty: "", choice: "maybe", own: "xxx" };
  const { error } = schema.safeParse(input, { error: plainMessage });
  expect(invalidInput(error?.issues ?? [], {})).toMatchObject({
    ok: false,
    fields: {
      long: "Keep it to 10 characters.",
      short: "Write at least 3 characters.",
      empty: "Write something here.",
      missing: "This is missing.",
      choice: "Choose one of the answers.",
      own: "Two letters.",
    },
  });
});
