/** A ULID: 26 characters of Crockford's base 32, of which the first holds three bits (ULID specification, "Encoding"). */
export const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
