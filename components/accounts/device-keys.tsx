"use client";

import { useEffect, useState } from "react";
import { ActionForm, ButtonForm, SubmitLine } from "@/components/forms/action-form";
import { Digest } from "@/components/ui/digest";
import { Moment } from "@/components/ui/moment";
import { Notice } from "@/components/ui/notice";
import type { ActionState } from "@/lib/accounts/action-state";
import { approveKey, enrolKeyByPassword, revokeKey } from "@/lib/accounts/actions";
import type { OwnKeyView } from "@/lib/accounts/queries/accounts";
import type { AskedStep } from "@/lib/accounts/queries/second-factors";
import {
  type DeviceKey,
  enrolmentFields,
  findDeviceKey,
  forgetDeviceKey,
  getDeviceKey,
  readyDeviceKey,
  signEnrolment,
} from "./device-key";
import { ProofFields } from "./second-step-fields";

type Props = { accountId: string; isDemo: boolean; keys: OwnKeyView[]; step: AskedStep; now: Date };

const kindTexts = {
  device: "device",
  command_line: "command line",
  delegated: "receipts only",
  platform: "platform",
} as const;

const enrolmentTexts = {
  first_key: "your first key",
  existing_key: "approved by another of your keys",
  reauthentication: "enrolled with your password",
  demo_account: "demo account, enrolled at once",
} as const;

function unreadable(): ActionState {
  const message = "This browser cannot keep a signing key. Try another browser, or leave private mode.";
  return { ok: false, code: "no_device_key", message, fields: {}, values: {} };
}

function KeyStanding({ entry, now }: { entry: OwnKeyView; now: Date }) {
  if (entry.state === "revoked" && entry.revokedAt) {
    return (
      <span className="text-ink-3">
        revoked <Moment at={entry.revokedAt} now={now} />
      </span>
    );
  }
  if (entry.state === "waiting") {
    return (
      <span className="text-ochre">
        signs <Moment at={entry.effectiveAt} now={now} />
      </span>
    );
  }
  return <span className="text-verdigris">signs for you</span>;
}

/** Lets a waiting key sign from now on, by a signature of this browser's own key. */
function ApproveForm({ accountId, keyId, own }: { accountId: string; keyId: string; own: DeviceKey }) {
  async function approve(previous: ActionState | null, form: FormData): Promise<ActionState> {
    form.set("byKeyId", own.keyId);
    form.set("signature", await signEnrolment(accountId, own, keyId));
    return approveKey(previous, form);
  }
  return (
    <ButtonForm action={approve} fields={{ keyId }} className="grid gap-2" variant="secondary">
      Approve with this device
    </ButtonForm>
  );
}

function KeyRow({
  entry,
  own,
  accountId,
  now,
}: Omit<Props, "keys" | "isDemo" | "step"> & { entry: OwnKeyView; own: OwnState }) {
  const ownKey = own === "unknown" ? null : own;
  const isHere = ownKey?.keyId === entry.keyId;
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-3 border-t border-line py-3.5 first:border-t-0">
      <div className="grid min-w-0 flex-1 basis-56 gap-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{entry.label}</span>
          {isHere && <span className="text-sm text-ink-3">this browser</span>}
        </p>
        <p className="text-sm text-ink-2">
          {kindTexts[entry.kind]}, {enrolmentTexts[entry.enrolledBy]},{" "}
          <Moment at={entry.enrolledAt} now={now} />
        </p>
        <p className="text-sm">
          <KeyStanding entry={entry} now={now} />
        </p>
        <Digest hex={entry.keyId} label="Key id" />
      </div>
      {entry.state === "waiting" && ownKey && !isHere && (
        <ApproveForm accountId={accountId} keyId={entry.keyId} own={ownKey} />
      )}
      {entry.state !== "revoked" && (
        <ButtonForm
          action={revokeKey}
          fields={{ keyId: entry.keyId }}
          className="grid gap-2"
          aria-label={`Revoke ${entry.label}`}
          variant="danger"
        >
          Revoke
        </ButtonForm>
      )}
    </li>
  );
}

/** Makes and enrols this browser's key now instead of at the first signature. */
function FirstKeyForm({ accountId }: { accountId: string }) {
  async function enrol(): Promise<ActionState> {
    const ready = await readyDeviceKey(accountId);
    if (ready.status === "ready") return { ok: true };
    return { ok: false, code: ready.status, message: ready.message, fields: {}, values: {} };
  }
  return (
    <ActionForm action={enrol}>
      <SubmitLine variant="secondary">Make the key of this browser now</SubmitLine>
    </ActionForm>
  );
}

/** Re-authenticates and enrols this browser; replaces a key of this browser that was revoked. */
function EnrolForm({
  accountId,
  step,
  mustReplace,
}: Pick<Props, "accountId" | "step"> & { mustReplace: boolean }) {
  async function enrol(previous: ActionState | null, form: FormData): Promise<ActionState> {
    if (mustReplace) await forgetDeviceKey(accountId);
    const key = await getDeviceKey(accountId);
    if (!key) return unreadable();
    for (const [name, value] of await enrolmentFields(accountId, key)) form.set(name, value);
    return enrolKeyByPassword(previous, form);
  }
  return (
    <ActionForm action={enrol} className="grid max-w-md gap-3">
      <ProofFields id="device" step={step} />
      <SubmitLine variant="secondary">Let this browser sign</SubmitLine>
    </ActionForm>
  );
}

type OwnState = DeviceKey | null | "unknown";

/** The keys that sign for an account, and what this browser can do about them. */
export function DeviceKeys({ accountId, isDemo, keys, step, now }: Props) {
  const [own, setOwn] = useState<OwnState>("unknown");
  // Read again whenever the server's list is new: an answer may follow from a key made here.
  useEffect(() => {
    let isCurrent = true;
    void findDeviceKey(accountId).then((key) => isCurrent && setOwn(key));
    return () => {
      isCurrent = false;
    };
  }, [accountId, keys]);
  const entry = own !== "unknown" && own ? keys.find((one) => one.keyId === own.keyId) : undefined;
  const isFree = keys.length === 0 || isDemo;
  const mayStart = own !== "unknown" && isFree && !entry;
  const mayEnrol = own !== "unknown" && !mayStart && (!entry || entry.state === "revoked");
  return (
    <div className="grid gap-4">
      {keys.length === 0 ? (
        <Notice>
          No key yet. One is made in your browser the first time you sign; it never leaves the device.
        </Notice>
      ) : (
        <ul>
          {keys.map((one) => (
            <KeyRow key={one.keyId} entry={one} own={own} accountId={accountId} now={now} />
          ))}
        </ul>
      )}
      {mayStart && <FirstKeyForm accountId={accountId} />}
      {mayEnrol && (
        <div className="grid gap-3 border-t border-line pt-4">
          <p className="max-w-[66ch] text-ink-2">
            This browser does not sign for you. With your password it can be enrolled: you get a mail, and its
            signatures count after 24 hours, or as soon as you approve it here from a device that signs.
          </p>
          <EnrolForm accountId={accountId} step={step} mustReplace={entry?.state === "revoked"} />
        </div>
      )}
      <noscript>
        <p className="text-ink-2">
          Enrolling a device needs JavaScript; without it the platform signs that you agreed in your session.
        </p>
      </noscript>
    </div>
  );
}
