export type SendProgress = { sentBytes?: number; state?: "sending" | "checking" };

/** `draftId`: the draft that holds what was read before the refusal. `isUnanswered`: nobody knows what was taken. */
type Refused =
  | { state: "refused"; message: string; draftId?: string; isUnanswered?: true }
  | { state: "cancelled"; message: string };
export type SendResult = { state: "kept"; sha256: string } | Refused;
export type FormResult = { state: "done"; location: string } | Refused;

type Sending = { signal: AbortSignal; onProgress: (progress: SendProgress) => void };

/**
 * Sends one file as it is to a draft. Never rejects: what went wrong is in the result. Aborting `signal` stops it;
 * the server keeps nothing of what had not arrived whole.
 */
export async function sendFile(
  file: File,
  { draftId, part, requestKey, ...sending }: { draftId: string; part: string; requestKey: string } & Sending,
): Promise<SendResult> {
  const query = new URLSearchParams({ draft: draftId, name: file.name, part });
  const headers = { "content-type": "application/octet-stream", "idempotency-key": requestKey };
  const answer = await send(`/api/uploads?${query}`, file, { ...sending, headers });
  if ("state" in answer) return answer;
  const { file: kept } = answer.json as { file?: { sha256: string } };
  return kept ? { state: "kept", sha256: kept.sha256 } : refusalOf(answer);
}

/** Sends a whole form, files and all, to the address that takes it without JavaScript too. */
export async function sendForm(action: string, form: FormData, sending: Sending): Promise<FormResult> {
  const answer = await send(action, form, sending);
  if ("state" in answer) return answer;
  const { location } = answer.json as { location?: string };
  return location === undefined ? refusalOf(answer) : { state: "done", location };
}

type Answer = { status: number; json: { message?: string; draftId?: string | null } };

/** By XMLHttpRequest, because fetch tells no progress of what is sent. */
function send(
  address: string,
  body: File | FormData,
  { signal, onProgress, headers = {} }: Sending & { headers?: Record<string, string> },
): Promise<Answer | Refused> {
  return new Promise((done) => {
    if (signal.aborted) return done({ state: "cancelled", message: "Stopped; nothing was kept." });
    // A form’s first files are read while the next are on their way.
    let mayBeRead = body instanceof FormData && countFiles(body) > 1;
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("accept", "application/json");
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded }) => onProgress({ state: "sending", sentBytes: loaded });
    request.upload.onload = ({ loaded }) => {
      mayBeRead = true;
      onProgress({ state: "checking", sentBytes: loaded });
    };
    request.onload = () =>
      done({ status: request.status, json: (request.response as Answer["json"] | null) ?? {} });
    request.onerror = () => {
      const rest = mayBeRead
        ? `${MAY_BE_READ} Then send the rest again.`
        : "Nothing was kept; send it again.";
      done({ state: "refused", message: `The connection broke. ${rest}`, isUnanswered: true });
    };
    request.onabort = () =>
      done({
        state: "cancelled",
        message: mayBeRead ? `Stopped. ${MAY_BE_READ}` : "Stopped; nothing was kept.",
      });
    signal.addEventListener("abort", () => request.abort());
    onProgress({ state: "sending" });
    request.send(body);
  });
}

const MAY_BE_READ = "What had arrived may have been read; see below.";

function countFiles(form: FormData): number {
  return [...form.values()].filter((value) => typeof value !== "string" && value.size > 0).length;
}

function refusalOf({ status, json }: Answer): Refused {
  const message = json.message ?? `The server answered with an error (${status}).`;
  return { state: "refused", message, ...(json.draftId ? { draftId: json.draftId } : {}) };
}
