/** The languages CLD3 names, and the translation each is judged on; those without one are left out. */
export const declarationOf: Record<string, string> = {
  af: "afr", am: "amh", ar: "arb", bg: "bul", bn: "ben", bs: "bos_latn", ca: "cat", ceb: "ceb", co: "cos", cs: "ces",
  cy: "cym", da: "dan", de: "deu_1996", el: "ell_monotonic", en: "eng", eo: "epo", es: "spa", et: "est", eu: "eus", fa: "pes_1",
  fi: "fin", fil: "tgl", fr: "fra", fy: "fri", ga: "gle", gd: "gla", gl: "glg", gu: "guj", ha: "hau_NG", haw: "haw",
  hi: "hin", hr: "hrv", ht: "hat_kreyol", hu: "hun", hy: "hye", id: "ind", ig: "ibo", is: "isl", it: "ita", iw: "heb",
  ja: "jpn", jv: "jav", ka: "kat", kk: "kaz", km: "khm", kn: "kan", ko: "kor", ku: "kmr", ky: "kir", la: "lat",
  lb: "ltz", lo: "lao", lt: "lit", lv: "lav", mg: "plt", mi: "mri", mk: "mkd", ml: "mal", mn: "khk", mr: "mar",
  mt: "mlt", my: "mya", ne: "nep", nl: "nld", no: "nob", ny: "nya_chechewa", pa: "pan", pl: "pol", ps: "pbu", pt: "por_PT",
  ro: "ron_2006", ru: "rus", si: "sin", sk: "slk", sl: "slv", sm: "smo", sn: "sna", so: "som", sq: "als", sr: "srp_cyrl",
  st: "sot", su: "sun", sv: "swe", sw: "swh", ta: "tam", te: "tel", tg: "tgk", th: "tha", tr: "tur", uk: "ukr",
  ur: "urd", uz: "uzn_latn", vi: "vie", xh: "xho", yi: "ydd", yo: "yor", zh: "cmn_hans", zu: "zul",
};
