import { createHash, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { visitor } from "./visitor.mjs";

/**
 * People at work on a market while its machines die. Each sends a request that was broken off again as it was, as
 * somebody does who saw an error page, and remembers what was acknowledged.
 */

const PASSWORD = "offcut-demo";
const GIVE_UP_SECONDS = 90;

/** `pageOf(slug)` is what is read; `acked` what was promised; `errors` every answer of 500 or more, with its sender. */
export function openLoad(origin) {
  const acked = { messages: [], purchases: [], people: [], uploads: [] };
  const errors = [];
  const seen = {
    pages: 0,
    retries: 0,
    checkpoints: new Map(),
    forks: 0,
    backwards: 0,
    signedOut: 0,
    isDatabaseDown: false,
  };
  let isOver = false;

  /** Sends until an answer comes that is not the balancer's or a broken connection. */
  async function persist(what, attempt) {
    const until = Date.now() + GIVE_UP_SECONDS * 1000;
    for (;;) {
      const answer = await attempt().catch((error) => ({ status: 0, text: String(error) }));
      if (
        answer.status >= 500 &&
        !seen.isDatabaseDown &&
        !/no machine takes|the machine died/.test(answer.text)
      )
        errors.push(`${what}: ${answer.status}`);
      if (answer.status >= 200 && answer.status < 500) return answer;
      if (Date.now() > until) throw new Error(`${what} was never answered: ${answer.status} ${answer.text}`);
      seen.retries += 1;
      await pause(200);
    }
  }

  async function enter(name) {
    const person = visitor(origin);
    await person.signIn(`${name}@demo.offcut.test`, PASSWORD);
    return person;
  }

  async function signedIn(person, path) {
    const page = await persist(path, () => person.send(path));
    if (page.status >= 300 && page.location?.includes("/sign-in")) seen.signedOut += 1;
    return page;
  }

  async function read(paths, milliseconds) {
    const person = await enter("buyer");
    for (let at = 0; !isOver; at++) {
      await signedIn(person, paths[at % paths.length]);
      seen.pages += 1;
      await pause(milliseconds);
    }
  }

  async function write(dealPath) {
    const person = await enter("buyer");
    while (!isOver) {
      const page = await signedIn(person, dealPath);
      const body = `Message ${randomUUID()}`;
      const form = person.fill(dealPath, page.text, "Write to", { body });
      const answer = await persist("a message", () => person.submit(form));
      if (answer.status === 200 && answer.text.includes(body)) acked.messages.push(body);
      else errors.push(`a message: ${answer.status}`);
      await pause(400);
    }
  }

  async function buy(licensePath) {
    const person = await enter("buyer");
    while (!isOver) {
      const page = await signedIn(person, licensePath);
      const form = person.fill(licensePath, page.text, "I have read these terms", { agreed: "yes" });
      const answer = await persist("a purchase", () => person.submit(form));
      const deal = /\/deals\/([0-9a-f-]{36})/.exec(answer.location ?? "")?.[1];
      if (deal) acked.purchases.push(deal);
      else errors.push(`a purchase: ${answer.status}`);
      await pause(600);
    }
  }

  async function signUp() {
    while (!isOver) {
      const person = visitor(origin);
      const email = `drill-${randomUUID()}@example.test`;
      const page = await persist("/sign-up", () => person.send("/sign-up"));
      const values = { displayName: "Drill", email, password: `${randomUUID()} of the drill` };
      const form = person.fill("/sign-up", page.text, "Open an account", values);
      const answer = await persist("a sign-up", () => person.submit(form));
      if (answer.status < 400) acked.people.push(email);
      await pause(1_000);
    }
  }

  async function upload() {
    const person = await enter("seller");
    const sell = await signedIn(person, "/sell");
    const started = await persist("a draft", () =>
      person.submit(person.fill("/sell", sell.text, "Start a draft", {})),
    );
    const draft = started.location.split("/").at(-1);
    for (let at = 0; !isOver; at++) {
      const body = Buffer.alloc(1_500_000, `${randomUUID()} a line of notes\n`);
      const path = `/api/uploads?draft=${draft}&name=notes-${at % 5}.txt&part=weights`;
      const headers = { "content-type": "application/octet-stream" };
      const answer = await persist("an upload", () => person.send(path, { method: "POST", body, headers }));
      if (answer.status === 200) acked.uploads.push(createHash("sha256").update(body).digest("hex"));
      else errors.push(`an upload: ${answer.status} ${answer.text.slice(0, 200)}`);
      await pause(500);
    }
  }

  async function watchLog() {
    let last = 0n;
    while (!isOver) {
      const { text } = await persist("the checkpoint", () => visitor(origin).send("/log/1/checkpoint"));
      const [, size, root] = text.split("\n");
      if ((seen.checkpoints.get(size) ?? root) !== root) seen.forks += 1;
      if (BigInt(size) < last) seen.backwards += 1;
      last = BigInt(size);
      seen.checkpoints.set(size, root);
      await pause(100);
    }
  }

  /** Begins everything; `end` lets what is under way finish. */
  function begin({ pages, dealPaths, licensePaths }) {
    const loops = [
      ...[150, 250, 350].map((every) => read(pages, every)),
      ...dealPaths.map(write),
      ...licensePaths.map(buy),
      signUp(),
      upload(),
      watchLog(),
    ];
    const failed = Promise.all(loops);
    failed.catch(() => (isOver = true));
    return { failed, end: () => ((isOver = true), failed) };
  }

  return { begin, acked, errors, seen };
}
