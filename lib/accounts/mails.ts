import type { EmailTokenPurpose } from "./email-token-rules";

export type MailText = { subject: string; text: string };

const HOURS: Record<EmailTokenPurpose, string> = { verify_email: "24 hours", reset_password: "one hour" };

function letter(name: string, ...paragraphs: string[]): string {
  return [`Hello ${name},`, ...paragraphs, "Offcut"].join("\n\n");
}

export function confirmationMail(name: string, link: string): MailText {
  return {
    subject: "Confirm your address",
    text: letter(
      name,
      "an account at Offcut was opened with this address. Confirm it to buy and sell:",
      link,
      `The link works once, within ${HOURS.verify_email}. If this was not you, do nothing: without the password that was chosen the link is of no use to anybody.`,
    ),
  };
}

/** Goes to the owner when somebody signs up with an address that has an account already. */
export function knownAddressMail(name: string, origin: string): MailText {
  return {
    subject: "You already have an account",
    text: letter(
      name,
      "somebody, perhaps you, tried to open an account with this address. You already have one. Sign in:",
      `${origin}/sign-in`,
      "or choose a new password:",
      `${origin}/forgot-password`,
      "If this was not you, nothing has changed and there is nothing to do.",
    ),
  };
}

export function resetMail(name: string, link: string): MailText {
  return {
    subject: "Choose a new password",
    text: letter(
      name,
      "somebody, perhaps you, asked for a new password. Choose one here:",
      link,
      `The link works once, within ${HOURS.reset_password}. Choosing a new password ends every session. If this was not you, do nothing.`,
    ),
  };
}

export function passwordChangedMail(name: string, origin: string): MailText {
  return {
    subject: "Your password was changed",
    text: letter(
      name,
      "the password of your account was changed, and your other sessions were ended. If this was not you, choose a new one now:",
      `${origin}/forgot-password`,
    ),
  };
}

export function newDeviceMail(name: string, device: string, origin: string): MailText {
  return {
    subject: "New sign-in to your account",
    text: letter(
      name,
      `your account was signed in to from a device it had not been used on before: ${device}. If this was not you, end that session and change your password:`,
      `${origin}/account#sessions`,
    ),
  };
}

export function keyEnrolledMail(name: string, label: string, origin: string): MailText {
  return {
    subject: "A new device asks to sign for you",
    text: letter(
      name,
      `after your password was given, the device “${label}” was enrolled to sign contracts and records in your name. Its signatures count from 24 hours after this mail. You can approve it sooner from a device that signs already, or stop it:`,
      `${origin}/account#keys`,
      "If this was not you, stop it and change your password.",
    ),
  };
}

/** Tells of a change to what is asked at the second step: a factor more or less, or new recovery codes. */
export function secondStepChangedMail(name: string, change: string, origin: string): MailText {
  return {
    subject: "Your second step was changed",
    text: letter(
      name,
      change,
      "If this was not you, somebody has your password and your second step. Change both now:",
      `${origin}/account#second-step`,
    ),
  };
}

export function recoveryCodeUsedMail(name: string, left: number, origin: string): MailText {
  return {
    subject: "A recovery code was used",
    text: letter(
      name,
      `one of your recovery codes was used as the second step; ${left === 1 ? "one is" : `${left} are`} left. If this was not you, change your password and make new codes:`,
      `${origin}/account#second-step`,
    ),
  };
}

export function wrongCodesMail(name: string, origin: string): MailText {
  return {
    subject: "Somebody fails at your second step",
    text: letter(
      name,
      "somebody gave your right password and then several wrong codes. Your account stayed shut. If this was not you, choose a new password now:",
      `${origin}/forgot-password`,
    ),
  };
}

export function removalAskedMail(name: string, reason: string, origin: string): MailText {
  return {
    subject: "Your second factors are to be removed",
    text: letter(
      name,
      `an administrator was asked to remove every second factor of your account: ${reason}. A second administrator can do so 72 hours after this mail. If you did not ask for it, sign in and stop it:`,
      `${origin}/account#second-step`,
    ),
  };
}

export function removalDoneMail(name: string, origin: string): MailText {
  return {
    subject: "Your second factors were removed",
    text: letter(
      name,
      "two administrators removed every second factor and recovery code of your account, and its sessions were ended. Your password alone opens it now. Sign in and set up a second step:",
      `${origin}/account#second-step`,
    ),
  };
}

export function rolesChangedMail(name: string, change: string, sleeps: boolean): MailText {
  const when = sleeps
    ? "It acts as soon as your account has a second step: set one up on your account page."
    : "This acts at once.";
  return { subject: "Your roles changed", text: letter(name, `${change} ${when}`) };
}
