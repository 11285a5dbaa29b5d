import { describe, expect, it } from "vitest";
import { quoteInexact } from "./exact-json";

const read = (text: string, kinds?: "whole_numbers" | "all_numbers") =>
  JSON.parse(quoteInexact(text, kinds).text) as unknown;

describe("numbers of a JSON text", () => {
  it("beyond what a double holds are kept as the texts that stand there", () => {
    expect(read('{"id":12345678901234567891,"n":-9007199254740993}')).toEqual({
      id: "12345678901234567891",
      n: "-9007199254740993",
    });
    expect(read("[1e400,1234567890123456789e3]")).toEqual(["1e400", "1234567890123456789e3"]);
  });

  it("that a double holds stay numbers, however they are written", () => {
    const text = "[9007199254740992,1e100,0.49999999999999994,2.0000000000000000,1234567890123456]";
    expect(read(text, "all_numbers")).toEqual(JSON.parse(text));
  });

  it("with a fraction are kept as texts only where that is asked for", () => {
    const text = "[0.1000000000000000055]";
    expect(read(text)).toEqual([0.1]);
    expect(read(text, "all_numbers")).toEqual(["0.1000000000000000055"]);
  });

  it("inside of strings are left alone, whatever stands before them", () => {
    const text = JSON.stringify({ "a\\": '12345678901234567891 "NaN" \\', b: "12345678901234567891" });
    expect(quoteInexact(text)).toEqual({ text, hasBareNumbers: false });
  });

  it("that are none, as Python writes them, become texts and are told", () => {
    expect(quoteInexact('[NaN,-Infinity,"NaN"]')).toEqual({
      text: '["NaN","-Infinity","NaN"]',
      hasBareNumbers: true,
    });
  });
});
