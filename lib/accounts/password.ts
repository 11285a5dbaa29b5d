import { isCommonPassword } from "./common-password";
import { PASSWORD_MAX, PASSWORD_MIN } from "./password-length";

/** Signs at the end of a common password make it no better, until there are more of them than anybody appends. */
const MAX_APPENDED = 4;

/** What people type when ten characters are asked for; beside the common list, and compared without case and end. */
const COMMON = new Set(
  `password passwords passwort motdepasse contrasena wachtwoord passw0rd p@ssw0rd p@ssword pa$$word
   passwordpassword password1password mypassword yourpassword newpassword thepassword
   qwertyuiop qwertyuiopasdf qwertzuiop azertyuiop asdfghjkl asdfghjklqwert zxcvbnm zxcvbnmasdfghjkl qwertyqwerty
   qwerty qwertyui qwert asdfasdf asdfghjk asdfasdfasdf 1qaz2wsx 1qaz2wsx3edc 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5 q1w2e3r4t5y6
   iloveyou iloveyouforever iloveyousomuch iloveyoubaby letmein letmeinnow letmeinplease welcome welcomeback welcomehome
   administrator admin adminadmin administrador rootroot root superuser changeme changemenow changethis default
   temporary temppassword testtest testing testpassword test1234test secret secretsecret trustno football baseball basketball
   superman batman spiderman sunshine princess dragon monkey michael jennifer liverpool chelsea arsenal manchester
   starwars pokemon minecraft whatever computer internet freedom forever december november september october
   abcdefghij abcdefghijkl abcdefghijk abcdefgh abcdabcd abc123abc abc123abc123 a1b2c3d4e5 a1b2c3d4 aa123456 a123456789 qwerty123qwerty
   correcthorsebatterystaple offcut offcutoffcut offcut-demo`
    .split(/\s+/)
    .filter(Boolean),
);

const RUNS = ["01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm"];

function isRun(text: string): boolean {
  const backwards = [...text].reverse().join("");
  return RUNS.some((run) => run.includes(text) || run.includes(backwards));
}

/** True for one short piece repeated over and over: "aaaaaaaaaa", "1212121212", "abcabcabcabc". */
function isRepetition(text: string): boolean {
  return /^(.{1,4}?)\1+.{0,3}$/su.test(text) && new Set(text).size <= 4;
}

/**
 * Why this password cannot be taken, as a sentence, or null. Length counts, composition does not: any characters,
 * 10 to 200 of them; not one of the most common ones, a run of keys, or the account's own address.
 */
export function passwordProblem(password: string, email: string): string | null {
  const length = [...password].length;
  if (length < PASSWORD_MIN) return `Use at least ${PASSWORD_MIN} characters.`;
  if (length > PASSWORD_MAX) return `Use at most ${PASSWORD_MAX} characters.`;
  const plain = password.toLowerCase();
  const [localPart = ""] = email.toLowerCase().split("@");
  const stem = plain.replace(/[\d\W_]+$/u, "");
  if (plain === email.toLowerCase() || plain === localPart || (localPart.length > 3 && stem === localPart)) {
    return "This is your own address. Choose something nobody could look up.";
  }
  if (
    COMMON.has(plain) ||
    COMMON.has(stem) ||
    isCommonPassword(plain) ||
    (plain.length - stem.length <= MAX_APPENDED && isCommonPassword(stem)) ||
    (stem === "" && isGuessableNumber(plain)) ||
    isRun(plain) ||
    isRepetition(plain)
  ) {
    return "This is among the passwords tried first. Three or four unrelated words make a better one.";
  }
  return null;
}

/** Digits alone are tried first when they are a run, a repetition or a date followed by a run. */
function isGuessableNumber(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  return (
    digits.length === text.length && (new Set(digits).size <= 3 || /(?:0123|1234|9876|4321)/.test(digits))
  );
}
