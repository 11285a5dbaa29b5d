export type SendProgress = { sentBytes?: number; state?: "sending" | "checking" };

export type SendResult =
  { state: "kept"; sha256: string } | { state: "refused"; message: string } | { state: "cancelled" };

/**
 * Sends one file as it is to a draft, by XMLHttpRequest because fetch tells no progress of what is sent. Never rejects:
 * what went wrong is in the result. Aborting `signal` stops it, and the server keeps nothing.
 */
export function sendFile(
  file: File,
  { draftId, part, signal }: { draftId: string; part: string; signal: AbortSignal },
  onProgress: (progress: SendProgress) => void,
): Promise<SendResult> {
  return new Promise((done) => {
    if (signal.aborted) return done({ state: "cancelled" });
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ draft: draftId, name: file.name, part });
    request.open("POST", `/api/uploads?${query}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded }) => onProgress({ state: "sending", sentBytes: loaded });
    request.upload.onload = () => onProgress({ state: "checking", sentBytes: file.size });
    request.onload = () => done(resultOf(request));
    request.onerror = () =>
      done({ state: "refused", message: "The connection broke. Nothing was kept; send it again." });
    request.onabort = () => done({ state: "cancelled" });
    signal.addEventListener("abort", () => request.abort());
    onProgress({ state: "sending" });
    request.send(file);
  });
}

function resultOf(request: XMLHttpRequest): SendResult {
  const answer = request.response as { file?: { sha256: string }; message?: string } | null;
  if (request.status === 200 && answer?.file) return { state: "kept", sha256: answer.file.sha256 };
  const message = answer?.message ?? `The server answered with an error (${request.status}).`;
  return { state: "refused", message };
}
