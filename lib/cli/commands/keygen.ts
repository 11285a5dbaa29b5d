import { existsSync, writeFileSync } from "node:fs";
import { type Command, type Input, type Outcome } from "../command";
import { usage } from "../ending";
import { machineName, resolvePath } from "../environment";
import { type OwnKey, enrolmentRequest, makeKeyFile, openKeyFile } from "../key-file";

const help = `offcut keygen [--out FILE] [--account ID] [--label TEXT]
offcut keygen --show FILE [--account ID] [--label TEXT]

Makes a P-256 key for signing statements. The private half is written to FILE (default offcut-key.pem), readable
by you alone; the public half beside it (offcut-key.pub.pem). A file that exists is never overwritten.

  --out FILE      where the private key goes
  --account ID    also print the request that enrols the key: paste it on your account page under "Signing keys",
                  where your account's id stands too
  --label TEXT    the key's name on that page (default: this machine's name)
  --show FILE     make nothing, and say the same of a key that exists

The key id is the hex SHA-256 of the public key's SPKI DER. Keep the private key out of repositories and backups
that others read; losing it loses no listing, deal or money.`;

export const keygenCommand: Command = {
  name: "keygen",
  summary: "make a signing key, and the request that enrols it",
  help,
  options: {
    out: { type: "string" },
    show: { type: "string" },
    account: { type: "string" },
    label: { type: "string" },
  },
  run: keygen,
};

async function keygen(input: Input): Promise<Outcome> {
  if (input.positionals.length > 0) throw usage("keygen takes no file; name one by --out.");
  const shown = input.text("show");
  const file = resolvePath(shown ?? input.text("out") ?? "offcut-key.pem");
  const publicFile = `${file.replace(/\.pem$/, "")}.pub.pem`;
  if (shown === undefined) {
    if (existsSync(publicFile)) throw usage(`${publicFile} exists already, and no key was made.`);
    makeKeyFile(file);
  }
  const key = await openKeyFile(file);
  if (shown === undefined) writeFileSync(publicFile, key.publicPem, { flag: "wx" });
  const request = requestOf(input, key);
  const spki = Buffer.from(key.spki).toString("base64");
  return {
    ending: "verified",
    result: {
      keyId: key.keyId,
      spki,
      file,
      publicFile,
      ...(request && { enrolment: JSON.parse(request) as unknown }),
    },
    lines: [
      `Private key  ${file}${shown === undefined ? " (made now; yours alone to read)" : ""}`,
      ...(shown === undefined ? [`Public key   ${publicFile}`] : []),
      `Key id       ${key.keyId}`,
      `SPKI         ${spki}`,
      ...(request
        ? ["", "Paste this on your account page, under “Signing keys”:", request]
        : ["", "With --account ID it also prints the request that enrols the key with your account."]),
    ],
  };
}

function requestOf(input: Input, key: OwnKey): string | null {
  const account = input.text("account");
  if (account === undefined) return null;
  if (!/^[\w-]{1,100}$/.test(account)) throw usage("An account's id has letters, digits and hyphens only.");
  const label = input.text("label")?.trim() ?? `Command line on ${machineName()}`.slice(0, 60);
  if (label === "" || label.length > 60) throw usage("A label has 1 to 60 characters.");
  return enrolmentRequest(key, account, label);
}
