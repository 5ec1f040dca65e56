/** A file that was uploaded. */
export interface StoredUpload {
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** Where uploads lie, by key. */
export interface Uploads {
  /**
   * Undefined where there is no such object; its length alone where that is more than `maxBytes`.
   * @throws the service's error where the object can't be read before the signal aborts
   */
  read(
    key: string,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<StoredUpload | { readonly bytes: number } | undefined>;
}

/** What a URL is to take: one file of exactly this type and length. */
export interface UploadTerms {
  readonly key: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly expiresInSeconds: number;
}

/** Signs a URL to which whoever has it may send one file. */
export type SignUpload = (terms: UploadTerms) => Promise<string>;
