/** Somebody with a browser that keeps cookies and sends forms, as one without JavaScript does. */

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'" };
const plain = (text) => text.replace(/&(amp|lt|gt|quot|#x27|#39);/g, (_, name) => ENTITIES[name]);
const attribute = (tag, name) => {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag);
  return found ? plain(found[1]) : null;
};

/** Where the form with this button sends what, if nobody fills anything in; null without one. */
function formWith(html, buttonText) {
  for (const [tag, inside] of html.matchAll(/<form\b[^>]*>([\s\S]*?)<\/form>/g)) {
    if (!inside.replace(/<[^>]*>/g, "").includes(buttonText)) continue;
    const fields = [...inside.matchAll(/<(?:input|textarea|button)\b[^>]*>/g)].map(([tag]) => ({
      name: attribute(tag, "name"),
      value: attribute(tag, "value") ?? "",
      isOffered: !/type="(checkbox|radio|submit|file)"/.test(tag) || / checked=""/.test(tag),
    }));
    const action = attribute(tag.slice(0, tag.indexOf(">") + 1), "action");
    return { action, fields: fields.filter(({ name, isOffered }) => name && isOffered) };
  }
  return null;
}

/** `address` is what the balancer in front says of where they are. */
export function visitor(origin, address = "127.0.0.1") {
  const cookies = new Map();

  /** One request; redirects are the caller's. Throws only where no answer came at all. */
  async function send(path, options = {}) {
    const headers = {
      origin,
      "x-forwarded-for": address,
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      ...options.headers,
    };
    const answer = await fetch(new URL(path, origin), { redirect: "manual", ...options, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    return { status: answer.status, location, text: await answer.text() };
  }

  /** The request that sending the form with this button makes, so that it can be sent again as it was. */
  function fill(path, html, buttonText, values) {
    const form = formWith(html, buttonText);
    if (!form) throw new Error(`${path} has no form with "${buttonText}".`);
    const body = new FormData();
    for (const { name, value } of form.fields) if (!(name in values)) body.append(name, value);
    for (const [name, value] of Object.entries(values)) body.append(name, value);
    return { path: form.action || path, body };
  }

  const submit = ({ path, body }) => send(path, { method: "POST", body });

  async function signIn(email, password) {
    const page = await send("/sign-in");
    const answer = await submit(fill("/sign-in", page.text, "Sign in", { email, password }));
    if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`);
  }

  return { send, fill, submit, signIn };
}
