/** Carries what was wrong with an upload to the page it came from, for forms sent without JavaScript. */
export const uploadNoteCookie = "offcut-upload-note";
