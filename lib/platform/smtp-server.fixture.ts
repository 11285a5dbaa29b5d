import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

/**
 * A mail server that asks for TLS and a password, and that SMTP_URL names from here on. Import it before anything that
 * reads the environment.
 */

export type ReceivedMail = { from: string; to: string[]; isEncrypted: boolean; user: string; raw: string };

export const received: ReceivedMail[] = [];
/** How often the server says that it is busy before it takes a mail. */
export const busy = { times: 0 };

const refusal = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode });

const server = new SMTPServer({
  authMethods: ["PLAIN"],
  onAuth: ({ username, password }, _session, done) =>
    password === "right" ? done(null, { user: username }) : done(refusal(535, "Wrong password")),
  onRcptTo: ({ address }, _session, done) =>
    done(address.startsWith("nobody@") ? refusal(550, "No such mailbox") : null),
  onData: (stream, { envelope, secure, user }, done) => {
    void buffer(stream).then((raw) => {
      if (busy.times-- > 0) return done(refusal(451, "Try later"));
      received.push({
        from: envelope.mailFrom ? envelope.mailFrom.address : "",
        to: envelope.rcptTo.map(({ address }) => address),
        isEncrypted: secure,
        user: String(user),
        raw: raw.toString(),
      });
      done();
    });
  },
});

await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
const { port } = server.server.address() as AddressInfo;
process.env.SMTP_URL = `smtp://offcut:right@127.0.0.1:${port}?requireTLS=true&tls.rejectUnauthorized=false`;
process.env.MAIL_FROM = "Offcut <no-reply@market.example>";

export const closeSmtpServer = () => new Promise<void>((closed) => server.close(closed));
