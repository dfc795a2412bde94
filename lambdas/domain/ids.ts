/** How ids are written: a prefix that says of what, and a ULID, whose 26 characters of Crockford's base32 leave out I, L, O and U. */

/** The source of a regular expression for a ULID. */
export const ULID_PATTERN = '[0-9A-HJKMNP-TV-Z]{26}';
