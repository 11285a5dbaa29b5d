import { beforeEach, expect, test, vi } from "vitest";
import { respondToUpload } from "./responses";

const kept = vi.hoisted(() => {
  vi.stubEnv("APP_ORIGIN", "http://localhost:3000");
  vi.stubEnv("DATABASE_URL", "postgres://localhost/none");
  vi.stubEnv("NEXTAUTH_SECRET", "x".repeat(40));
  return { set: vi.fn() };
});
vi.mock("next/headers", () => ({ cookies: async () => kept }));
beforeEach(() => void kept.set.mockClear());

const note = { place: "imports" as const, isRefusal: true, text: "The second file is none." };

test.each([
  ["goes along to a draft that the request started", "", "d1", 1],
  ["stays in the answer where the draft was there before", "?draft=d1", "d1", 0],
  ["stays in the answer where there is no draft", "", null, 0],
] as const)("a refusal to the uploader %s", async (_, query, draftId, times) => {
  const headers = { accept: "application/json" };
  const request = new Request(`http://localhost:3000/api/uploads/imports${query}`, { headers });
  const answer = await respondToUpload(request, { draftId, place: "imports", note });
  expect(answer.status).toBe(422);
  expect(await answer.json()).toEqual({ message: note.text, draftId });
  expect(kept.set).toHaveBeenCalledTimes(times);
});
