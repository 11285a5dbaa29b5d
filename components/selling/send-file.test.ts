import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sendForm } from "./send-file";

type Answered = { status: number; response: unknown };

/** The browser's request, of which the test says how far it came. */
class Request {
  static last: Request;
  upload: { onload?: (event: { loaded: number }) => void } = {};
  status = 0;
  response: unknown = null;
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  constructor() {
    Request.last = this;
  }
  open() {}
  setRequestHeader() {}
  send() {}
  abort() {
    this.onabort?.();
  }
  answer({ status, response }: Answered) {
    Object.assign(this, { status, response });
    this.onload?.();
  }
}

beforeEach(() => void vi.stubGlobal("XMLHttpRequest", Request));
afterEach(() => void vi.unstubAllGlobals());

function start(fileCount: number) {
  const form = new FormData();
  for (let at = 0; at < fileCount; at += 1) form.append("file", new File(["rows"], `${at}.csv`));
  const stop = new AbortController();
  const result = sendForm("/api/uploads/imports", form, { signal: stop.signal, onProgress: () => undefined });
  return { stop, result, request: Request.last };
}

const mayBeRead = /What had arrived may have been read; see below/;

test("what was stopped on its way was not kept", async () => {
  const { stop, result } = start(1);
  stop.abort();
  expect(await result).toEqual({ state: "cancelled", message: "Stopped; nothing was kept." });
});

test("what was sent whole, or is one of several files, may have been read when it stops", async () => {
  const sent = start(1);
  sent.request.upload.onload?.({ loaded: 4 });
  sent.stop.abort();
  expect(await sent.result).toMatchObject({ state: "cancelled", message: expect.stringMatching(mayBeRead) });
  const several = start(2);
  several.stop.abort();
  expect(await several.result).toMatchObject({ message: expect.stringMatching(mayBeRead) });
});

test("a connection that breaks after all was sent does not say that nothing was kept", async () => {
  const early = start(1);
  early.request.onerror?.();
  expect(await early.result).toMatchObject({ message: expect.stringMatching(/Nothing was kept/) });
  const late = start(1);
  late.request.upload.onload?.({ loaded: 4 });
  late.request.onerror?.();
  expect(await late.result).toMatchObject({ state: "refused", message: expect.stringMatching(mayBeRead) });
});

test("a refusal names the draft that holds what was read before it", async () => {
  const { result, request } = start(2);
  request.answer({ status: 422, response: { message: "The second is none.", draftId: "d1" } });
  expect(await result).toEqual({ state: "refused", message: "The second is none.", draftId: "d1" });
});
