/** The field of a form that asks for one of a model's fields, by its place in the contract. */
export const fieldName = (at: number): string => `field-${at}`;

/** The field that asks what only a visitor knows of an input: one for each column that slices ask for. */
export const bearerField = (at: number): string => `about-${at}`;
