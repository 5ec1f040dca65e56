import type { ImageFault } from './image-fault.ts';

/** What was uploaded, in the place of its id. A client can't send one: JSON has no classes. */
export class UploadedFile {
  readonly content: Uint8Array;
  /** The media type under which it was uploaded. */
  readonly contentType: string;

  constructor(content: Uint8Array, contentType: string) {
    this.content = content;
    this.contentType = contentType;
  }
}

/** Why an upload can't be had, in the place of its id. */
export class UnavailableUpload {
  readonly code: ImageFault['code'];
  readonly detail: string;

  constructor({ code, detail }: ImageFault) {
    this.code = code;
    this.detail = detail;
  }
}
