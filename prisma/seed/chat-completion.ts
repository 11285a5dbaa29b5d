import { z } from "zod";

/** The chat completions of OpenAI's API, as far as a model that reads one text and writes one needs them. */

const chatSchema = z.object({
  model: z.string(),
  messages: z
    .array(z.object({ role: z.enum(["system", "user", "assistant", "developer"]), content: z.string() }))
    .min(1)
    .max(100),
  n: z.literal(1).optional(),
  stream: z.literal(false).optional(),
});

export type ChatError = {
  status: 400 | 404 | 405 | 422 | 429 | 502;
  body: { error: { message: string; type: string; code: string | null; param: null } };
};

export function chatError(
  status: ChatError["status"],
  message: string,
  code: string | null = null,
): ChatError {
  const type =
    status === 429 ? "rate_limit_error" : status === 502 ? "server_error" : "invalid_request_error";
  return { status, body: { error: { message, type, code, param: null } } };
}

/** The last thing that the user said: what the model is given. Everything else of a conversation means nothing to it. */
export function askedOf(body: unknown, served: string): { text: string } | ChatError {
  const parsed = chatSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return chatError(400, `${issue?.path.join(".") || "The body"}: ${issue?.message}`);
  }
  const { model, messages } = parsed.data;
  if (model !== served) return chatError(404, `The model ${model} is not served here.`, "model_not_found");
  const said = messages.findLast(({ role }) => role === "user");
  return said ? { text: said.content } : chatError(400, "There is no message of a user.");
}

export function completionOf(id: string, model: string, text: string, now: Date) {
  return {
    id: `chatcmpl-${id}`,
    object: "chat.completion",
    created: Math.floor(now.getTime() / 1000),
    model,
    choices: [
      {
        ...{ index: 0, logprobs: null, finish_reason: "stop" },
        message: { role: "assistant", content: text, refusal: null },
      },
    ],
  };
}
