import { expect, test } from "vitest";
import { Turns } from "./turns";

function held() {
  let release = () => {};
  const until = new Promise<void>((resolve) => (release = resolve));
  return { until, release: () => release() };
}
const turns = () => new Turns({ words: 3, files: 2 }, 0.2);
const busy = expect.objectContaining({ code: "reading_busy" });

test("a lane has one thing in work, in the order of arrival", async () => {
  const queue = turns();
  const order: string[] = [];
  const first = held();
  const done = [
    queue.run("words", "ann", async () => {
      await first.until;
      order.push("ann");
    }),
    ...["ben", "cai"].map((name) => queue.run("words", name, async () => void order.push(name))),
  ];
  await Promise.resolve();
  expect(order).toEqual([]);
  first.release();
  await Promise.all(done);
  expect(order).toEqual(["ann", "ben", "cai"]);
});

test("an account has one in work over all lanes: its next lets others pass", async () => {
  const queue = turns();
  const order: string[] = [];
  const file = held();
  const done = [
    queue.run("files", "ann", async () => {
      await file.until;
      order.push("ann's file");
    }),
    queue.run("words", "ann", async () => void order.push("ann's words")),
    queue.run("words", "ben", async () => void order.push("ben's words")),
  ];
  await done[2];
  expect(order).toEqual(["ben's words"]);
  file.release();
  await Promise.all(done);
  expect(order).toEqual(["ben's words", "ann's file", "ann's words"]);
});

test("a second waiting one of an account is told, and so is whoever finds the lane full", async () => {
  const queue = turns();
  const file = held();
  const first = queue.run("files", "ann", () => file.until);
  const waiting = ["ann", "ben"].map((name) => queue.run("files", name, async () => name));
  await expect(queue.run("files", "ann", async () => "")).rejects.toEqual(busy);
  await expect(queue.run("files", "cai", async () => "")).rejects.toEqual(busy);
  file.release();
  await first;
  expect(await Promise.all(waiting)).toEqual(["ann", "ben"]);
});

test("who has waited long enough is told, and the others keep their places", async () => {
  const queue = turns();
  const file = held();
  const first = queue.run("files", "ann", () => file.until);
  await expect(queue.run("files", "ben", async () => "")).rejects.toEqual(busy);
  const late = queue.run("files", "ben", async () => "ben");
  file.release();
  await first;
  expect(await late).toBe("ben");
});

test("what fails gives its turn on", async () => {
  const queue = turns();
  const broken = queue.run("words", "ann", async () => Promise.reject(new Error("broken")));
  const next = queue.run("words", "ann", async () => "next");
  await expect(broken).rejects.toThrow("broken");
  expect(await next).toBe("next");
});
