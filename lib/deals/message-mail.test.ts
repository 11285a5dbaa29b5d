import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "@/lib/accounts/limits";
import { mailAbout } from "./message-mail";

const start = Date.UTC(2026, 10, 22, 12);
const at = (...seconds: number[]) => seconds.map((second) => new Date(start + second * 1000));
const seconds = limits.minutesBetweenMessageMails * 60;

test("the first message, and one after five quiet minutes, is mailed at once", () => {
  expect(mailAbout(at(0))).toEqual({ isAtOnce: true, afterSeconds: 0 });
  expect(mailAbout(at(0, seconds))).toEqual({ isAtOnce: true, afterSeconds: 0 });
});

test("further ones within five minutes are told by one mail at their end", () => {
  expect(mailAbout(at(0, 100))).toEqual({ isAtOnce: false, afterSeconds: seconds - 100 });
  expect(mailAbout(at(0, 100, 200))).toBeNull();
});

test("however messages come, two mails are never closer than five minutes, and each message is told within them", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 60 }), (gaps) => {
      const times = gaps.map(
        (
          (sum) => (gap: number) =>
            (sum += gap)
        )(0),
      );
      const mails = times.flatMap((time, index) => {
        const mail = mailAbout(at(...times.slice(0, index + 1)));
        return mail ? [time + mail.afterSeconds] : [];
      });
      mails
        .slice(1)
        .forEach((mail, index) => expect(mail - (mails[index] ?? 0)).toBeGreaterThanOrEqual(seconds));
      for (const time of times)
        expect(mails.some((mail) => mail >= time && mail <= time + seconds)).toBe(true);
    }),
  );
});
