import fc from "fast-check";

/** Requests that no page of ours makes, from what its forms would send. Everything comes from a seed. */

export type RawRequest = {
  method: string;
  path: string;
  headers: [name: string, value: string][];
  body: Buffer | null;
};
export type Part = { name: string; value: string; file?: string };

const MILLION = "x".repeat(1_000_000);
const hostileTexts = [
  ...[
    "",
    " ",
    "0",
    "-1",
    "-0",
    "0.1",
    "1e309",
    "NaN",
    "Infinity",
    "9".repeat(40),
    "true",
    "null",
    "[]",
    "{}",
  ],
  ...["2147483648", "-2147483649", "9223372036854775808", "-9223372036854775809", "9007199254740993"],
  ...["0000-01-01", "0000-01-01T00:00:00.000Z", "-271821-04-20T00:00:00.000Z", "+275760-09-13", "2026-02-30"],
  ...[
    "\u0000",
    "a\u0000b",
    "\ud800",
    "\udfff\ud800",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "\ufeff",
    "\u{e0041}",
  ],
  ...[
    "%",
    "%00",
    "%ff",
    "%E0%A4%A",
    "../../../etc/passwd",
    "//evil.example",
    "javascript:alert(1)",
    "\r\nX: 1",
  ],
  ...[
    "' OR 1=1 --",
    "{{7*7}}",
    "${7*7}",
    "<script>alert(1)</script>",
    "=1+1",
    "$1",
    "$F1",
    "$$",
    "__proto__",
  ],
  ...["[".repeat(20_000), `{"a":`.repeat(5_000), '{"__proto__":{"isAdmin":true}}', '["$1:then"]', MILLION],
];

const hostileText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 300 }) },
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.json(),
  fc.uuid(),
);

const prefixes = ["[b]", ".b", "[]", "[0]", "[__proto__]", "[constructor][prototype]", " ", "\u0000"];
const EDITS = ["set", "set", "repeat", "prefix", "drop", "file", "add", "many"] as const;
type Edit = { how: (typeof EDITS)[number]; at: number; text: string };
const edit: fc.Arbitrary<Edit> = fc.record({
  how: fc.constantFrom(...EDITS),
  at: fc.nat(),
  text: hostileText,
});

function edited(parts: readonly Part[], { how, at, text }: Edit): Part[] {
  const index = parts.length ? at % parts.length : 0;
  const one = parts[index] ?? { name: "a", value: "" };
  switch (how) {
    case "set":
      return parts.map((part) => (part === one ? { ...part, value: text } : part));
    case "repeat":
      return [...parts, { ...one, value: text }];
    case "prefix":
      return [...parts, { name: `${one.name}${prefixes[at % prefixes.length]}`, value: text }];
    case "drop":
      return parts.filter((part) => part !== one);
    case "file":
      return parts.map((part) => (part === one ? { ...part, value: text, file: "a.txt" } : part));
    case "add":
      return [...parts, { name: text.slice(0, 200), value: text }];
    case "many":
      return [
        ...parts,
        ...Array.from({ length: 1500 }, (_, number) => ({ name: `${one.name}${number}`, value: "x" })),
      ];
  }
}

/** The fields of a form with up to four things changed about them; now and then none. */
export function hostileParts(parts: readonly Part[]): fc.Arbitrary<Part[]> {
  return fc.array(edit, { maxLength: 4 }).map((edits) => edits.reduce(edited, [...parts]));
}

export function multipart(parts: readonly Part[], boundary: string): Buffer {
  const quoted = (text: string) =>
    text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const chunks = parts.map(({ name, value, file }) => {
    const of = file === undefined ? "" : `; filename="${quoted(file)}"\r\nContent-Type: text/plain`;
    return `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${of}\r\n\r\n${value}\r\n`;
  });
  return Buffer.from(`${chunks.join("")}--${boundary}--\r\n`);
}

const states = [
  "[null]",
  "[1,2,3]",
  "{{{",
  '["$F1"]',
  '[{"ok":true}]',
  "[]",
  '[null,"$K1"]',
  "[".repeat(20_000),
];

/** Fields as a browser sends them to an action: as a plain form, or as its script does. */
export function actionRequest(
  target: { id: string; path: string; parts: readonly Part[]; origin: string },
  { isOfScript, state }: { isOfScript: boolean; state: string },
): RawRequest {
  const { id, path, parts, origin } = target;
  const boundary = "----fuzz7f3a";
  const headers: RawRequest["headers"] = [
    ["origin", origin],
    ["content-type", `multipart/form-data; boundary=${boundary}`],
  ];
  if (isOfScript) {
    const sent = [
      ...parts.map((part) => ({ ...part, name: `_1_${part.name}` })),
      { name: "0", value: state },
    ];
    headers.push(["next-action", id], ["accept", "text/x-component"]);
    return { method: "POST", path, headers, body: multipart(sent, boundary) };
  }
  const bound = [
    { name: "$ACTION_REF_1", value: "" },
    { name: "$ACTION_1:0", value: JSON.stringify({ id, bound: "$@1" }) },
    { name: "$ACTION_1:1", value: state },
    { name: "$ACTION_KEY", value: "k1" },
  ];
  return { method: "POST", path, headers, body: multipart([...bound, ...parts], boundary) };
}

/** How an action is called: mostly as a page would, so that what it says is reached. */
export const actionCall = fc
  .record({
    isOfScript: fc.boolean(),
    isPlain: fc.integer({ min: 0, max: 9 }),
    state: fc.constantFrom(...states),
  })
  .map(({ isOfScript, isPlain, state }) => ({
    isOfScript,
    state: isPlain > 0 ? (isOfScript ? '[null,"$K1"]' : "[null]") : state,
  }));

const wrongTypes = [
  "text/plain",
  "application/json",
  "multipart/form-data",
  "multipart/form-data; boundary=y",
  "x",
];
const wrongHeaders = [
  ...["origin: https://evil.example", "origin: null", "origin: ::::", "origin: ", "next-action: zz"],
  ...[`next-action: ${"0".repeat(42)}`, "next-action: toString", "next-router-state-tree: %", "rsc: 1"],
  ...["x-forwarded-host: evil.example", "x-forwarded-for: 203.0.113.9", "x-forwarded-proto: junk"],
  ...["x-user-id: 1", "x-middleware-subrequest: proxy:proxy:proxy:proxy:proxy", "next-resume: 1"],
  ...["cookie: next-auth.session-token=junk", "accept: ", "range: bytes=9-1", "if-none-match: junk"],
  ...[
    "content-encoding: gzip",
    "x-action-forwarded: 1",
    "next-router-prefetch: 1",
    "accept-language: \u00ff",
  ],
];
const wrongBodies = ["[]", "[null]", '["$K9"]', '["$B1"]', '["$Q1"]', "{{{", "x".repeat(1_200_000)];
const DAMAGES = ["cut", "flip", "type", "twice", "header", "header", "body", "text"] as const;
type Damage = { how: (typeof DAMAGES)[number]; at: number; text: string };
const damage: fc.Arbitrary<Damage> = fc.record({
  ...{ how: fc.constantFrom(...DAMAGES), at: fc.nat(), text: hostileText },
});

function damaged(request: RawRequest, { how, at, text }: Damage): RawRequest {
  const { headers, body } = request;
  const named = (name: string) => headers.filter(([other]) => other !== name);
  switch (how) {
    case "cut":
      return { ...request, body: body && body.subarray(0, at % (body.length + 1)) };
    case "flip": {
      if (!body?.length) return request;
      const flipped = Buffer.from(body);
      for (let step = 0; step < 8; step++) flipped[(at * (step + 1)) % flipped.length] = 0xed - step * 13;
      return { ...request, body: flipped };
    }
    case "type":
      return { ...request, headers: [...named("content-type"), ["content-type", pick(wrongTypes, at)]] };
    case "twice":
      return { ...request, headers: [...headers, ...headers] };
    case "header": {
      const [name = "", value = ""] = pick(wrongHeaders, at).split(/: ?(.*)/s);
      return { ...request, headers: [...named(name), [name, value]] };
    }
    case "body":
      return body ? { ...request, body: Buffer.from(pick(wrongBodies, at)) } : request;
    case "text":
      return body ? { ...request, body: Buffer.from(text) } : request;
  }
}

function pick(from: readonly string[], at: number): string {
  return from[at % from.length] ?? "";
}

/** One request in three loses something on the way, or gains something. */
export function hostileTransport(request: RawRequest): fc.Arbitrary<RawRequest> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(request) },
    fc.array(damage, { minLength: 1, maxLength: 2 }).map((all) => all.reduce(damaged, request)),
  );
}

/** A piece of an address: as it is, as text of anything, or as bytes that are no text. */
function addressPiece(text: string): fc.Arbitrary<string> {
  const encoded = hostileText.map((value) =>
    encodeURIComponent(Buffer.from(value.slice(0, 2_000)).toString()),
  );
  const broken = fc.constantFrom(
    "%ff",
    "%E0%A4%A",
    "%",
    "%ED%A0%80",
    "%00",
    "%2F%2F",
    "a%20b",
    "..%2f..",
    ";",
    "a".repeat(5_000),
  );
  return fc.oneof({ weight: 3, arbitrary: fc.constant(encodeURIComponent(text)) }, encoded, broken);
}

const METHODS = ["GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"];
const bodies = fc.option(hostileText, { nil: "" });

/** A visit to an address whose `:pieces` and parameters are not what they should be. */
export function hostileVisit(
  target: { folder: string; params: Record<string, string>; names: readonly string[]; origin: string },
  methods: readonly string[] = METHODS,
): fc.Arbitrary<RawRequest> {
  const { folder, params, names, origin } = target;
  const pieces = folder.split("/").filter((piece) => piece !== "" && !piece.startsWith("("));
  const path = fc.tuple(
    ...pieces.map((piece) => {
      const name = /^\[(?:\.\.\.)?(\w+)\]$/.exec(piece)?.[1];
      return name ? addressPiece(params[name] ?? "0") : fc.constant(piece);
    }),
  );
  const pair = fc.tuple(
    fc.constantFrom(...names),
    fc.oneof(addressPiece("1"), addressPiece(params.slug ?? "a")),
  );
  const query = fc.array(pair, { maxLength: 4 }).map((pairs) => pairs.map((one) => one.join("=")).join("&"));
  return fc.record({ path, query, method: fc.constantFrom(...methods), body: bodies }).map((one) => {
    const isBodiless = ["GET", "HEAD", "OPTIONS"].includes(one.method);
    const type = one.body?.startsWith("{") ? "application/json" : "application/octet-stream";
    return {
      method: one.method,
      path: `/${one.path.join("/")}${one.query && `?${one.query}`}`.slice(0, 8_000),
      headers: isBodiless
        ? []
        : [["origin", origin] as [string, string], ["content-type", type] as [string, string]],
      body: isBodiless ? null : Buffer.from(one.body ?? ""),
    };
  });
}
