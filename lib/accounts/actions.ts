"use server";

import { withClient } from "./session/browser";
import * as removals from "./commands/factor-removal";
import * as keys from "./commands/keys";
import * as passkeys from "./commands/passkeys";
import * as passwords from "./commands/password";
import * as profiles from "./commands/profile";
import * as factors from "./commands/second-factors";
import * as sessions from "./commands/sessions";
import * as signIns from "./commands/sign-in";
import * as signUps from "./commands/sign-up";
import * as input from "./schemas";
import { publicAction, userAction } from "./session/user-action";

export const signIn = publicAction(input.signInInput, withClient(signIns.signIn));
export const finishSecondStep = publicAction(
  input.finishSecondStepInput,
  withClient(signIns.finishSecondStep),
);
export const offerSignInPasskey = publicAction(input.nothingInput, withClient(passkeys.offerSignInPasskey));
export const signInByPasskey = publicAction(input.signInByPasskeyInput, withClient(signIns.signInByPasskey));
export const signOut = publicAction(input.nothingInput, withClient(signIns.signOut));
export const signUp = publicAction(input.signUpInput, withClient(signUps.signUp));
export const confirmAddress = publicAction(input.confirmAddressInput, withClient(signUps.confirmAddress));
export const sendConfirmation = userAction(input.nothingInput, withClient(signUps.sendConfirmation));

export const requestPasswordReset = publicAction(
  input.requestPasswordResetInput,
  withClient(passwords.requestPasswordReset),
);
export const resetPassword = publicAction(input.resetPasswordInput, withClient(passwords.resetPassword));
export const changePassword = userAction(input.changePasswordInput, withClient(passwords.changePassword));

export const offerPasskey = userAction(input.nothingInput, withClient(passkeys.offerPasskey));
export const offerEnrolment = userAction(input.offerEnrolmentInput, withClient(passkeys.offerEnrolment));
export const addPasskey = userAction(input.addPasskeyInput, passkeys.addPasskey);
export const startApp = userAction(input.startAppInput, withClient(factors.startApp));
export const confirmApp = userAction(input.confirmAppInput, withClient(factors.confirmApp));
export const renameFactor = userAction(input.renameFactorInput, factors.renameFactor);
export const removeFactor = userAction(input.removeFactorInput, withClient(factors.removeFactor));
export const replaceRecoveryCodes = userAction(
  input.replaceRecoveryCodesInput,
  withClient(factors.replaceRecoveryCodes),
);
export const askFactorRemoval = userAction(input.askFactorRemovalInput, removals.askFactorRemoval);
export const removeLostFactors = userAction(input.factorRemovalInput, removals.removeLostFactors);
export const stopFactorRemoval = userAction(input.factorRemovalInput, removals.stopFactorRemoval);

export const changeProfile = userAction(input.changeProfileInput, profiles.changeProfile);
export const endSession = userAction(input.endSessionInput, sessions.endSession);
export const endOtherSessions = userAction(input.nothingInput, sessions.endOtherSessions);

export const enrolFirstDeviceKey = userAction(input.enrolKeyInput, keys.enrolFirstDeviceKey);
export const enrolKeyByPassword = userAction(
  input.enrolKeyByPasswordInput,
  withClient(keys.enrolKeyByPassword),
);
export const enrolCommandLineKey = userAction(
  input.enrolCommandLineKeyInput,
  withClient(keys.enrolCommandLineKey),
);
export const approveKey = userAction(input.approveKeyInput, keys.approveKey);
export const revokeKey = userAction(input.revokeKeyInput, keys.revokeKey);
