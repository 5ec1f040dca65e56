/** What can be wrong with an image: each is an `errors[].code` of a problem. */
export const IMAGE_FAULT_CODES = [
  'invalid-base64',
  'not-an-image',
  'image-format-unsupported',
  'image-format-mismatch',
  'image-truncated',
  'image-corrupt',
  'image-too-many-pixels',
  'image-too-many-bytes',
  'upload-not-found',
] as const;

export type ImageFaultCode = (typeof IMAGE_FAULT_CODES)[number];

/** Why bytes are not an image that a model takes. */
export interface ImageFault {
  readonly code: ImageFaultCode;
  /** What was received and what to send instead; never a part of the image. */
  readonly detail: string;
}

/** A part of the image that is not there: what it lacks, and what usually helps. */
export function truncated(what: string): ImageFault {
  return {
    code: 'image-truncated',
    detail: `The image is cut off: ${what}. Send the whole file; transfers that broke off leave such files behind.`,
  };
}

/** Something in the image contradicts its own format. */
export function corrupt(what: string): ImageFault {
  return {
    code: 'image-corrupt',
    detail: `The image is damaged: ${what}. Save it anew with an image editor, or send the original.`,
  };
}

/** A variant of a known format that few programs write. */
export function unsupported(what: string): ImageFault {
  return {
    code: 'image-format-unsupported',
    detail: `Got ${what}. Convert it to a baseline or progressive JPEG in RGB or grey, or to a PNG.`,
  };
}
