import "server-only";
import { once } from "node:events";
import { BytesIn, withLength } from "./framing.mjs";
import type { Isolation } from "./isolation";
import { findIsolation } from "./sandbox";
import { type SandboxProgram, SandboxError, endedBy, startChild } from "./sandbox-child";

type Message = Record<string, unknown>;
type AskLimits = { seconds: number; maxOutputBytes: number };

/** A program that stays and answers one message after another, until it is closed or fails. */
export class SandboxSession {
  private queue: Promise<unknown> = Promise.resolve();
  private failure: SandboxError | null = null;

  private constructor(
    readonly isolation: Isolation,
    private readonly started: Awaited<ReturnType<typeof startChild>>,
    private readonly answers: BytesIn,
  ) {}

  /**
   * Starts the program in `folder`, which it may read and nothing else of the host. Its processor time is bound over its
   * whole life by `program.processorSeconds`.
   */
  static async open(program: SandboxProgram, folder: string | undefined): Promise<SandboxSession> {
    const isolation = await findIsolation(program);
    const started = await startChild(program, isolation, { seconds: 3600, folder });
    const { child } = started;
    if (!child.stdout || !child.stdin) throw new SandboxError("crashed", "the child has no pipes");
    const session = new SandboxSession(isolation, started, new BytesIn(child.stdout));
    // What it wrote before its end is still read; a pipe that broke is reported by the end itself.
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => session.fail(new SandboxError("crashed", error.message)));
    child.on("close", (code, signal) => session.fail(endedBy(signal, code, started.complaint())));
    return session;
  }

  /**
   * The program's answer to a message; messages asked at once wait for each other. Throws `SandboxError` where it gives none
   * in time, too long a one, or a refusal; after any but a refusal the session is over.
   */
  async ask(message: Message, limits: AskLimits): Promise<Message> {
    const turn = this.queue.then(() => this.askNow(message, limits));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  /** Whether it has ended, and answers nothing any more. */
  get isOver(): boolean {
    return this.failure !== null;
  }

  close(): void {
    this.fail(new SandboxError("crashed", "the session was closed"));
  }

  private async askNow(message: Message, { seconds, maxOutputBytes }: AskLimits): Promise<Message> {
    if (this.failure) throw this.failure;
    const { child } = this.started;
    const timer = setTimeout(
      () => this.fail(new SandboxError("timed_out", `no answer in ${seconds} s`)),
      seconds * 1000,
    );
    try {
      child.stdin?.write(withLength(Buffer.from(JSON.stringify(message))));
      const length = (await this.answers.exactly(4)).readUInt32BE(0);
      if (length > maxOutputBytes) {
        this.fail(new SandboxError("output_too_large", `over ${maxOutputBytes} bytes`));
        throw this.failure;
      }
      const answer = JSON.parse((await this.answers.exactly(length)).toString("utf8")) as Message;
      if (answer.ok !== true)
        throw new SandboxError("refused_by_runtime", String(answer.message ?? "no reason given"));
      return answer;
    } catch (error) {
      if (error instanceof SandboxError) throw error;
      throw await this.whyItEnded();
    } finally {
      clearTimeout(timer);
    }
  }

  /** The pipe breaks a moment before the process is seen to have ended. */
  private async whyItEnded(): Promise<SandboxError> {
    const { child } = this.started;
    if (!this.failure && child.exitCode === null && child.signalCode === null)
      await Promise.race([once(child, "close"), new Promise((resolve) => setTimeout(resolve, 1000))]);
    this.fail(new SandboxError("crashed", "the child gave no answer"));
    return this.failure ?? new SandboxError("crashed", "the child gave no answer");
  }

  private fail(error: SandboxError): void {
    this.failure ??= error;
    this.started.end();
  }
}
