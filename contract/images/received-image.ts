import { createHash } from 'node:crypto';
import type { ImageFault, ImageFaultCode } from './image-fault.ts';
import type { ImageFormat } from './image-kind.ts';
import type { ImageSize } from './image-size.ts';

/** What is kept of an image, and all that logs and records may hold of it. */
export interface ImageSummary extends ImageSize {
  readonly format: ImageFormat;
  /** Length of the file. */
  readonly bytes: number;
  /** Of the file, in hexadecimal: whoever has it can tell that it is the same. */
  readonly sha256: string;
}

/**
 * An image whose header was checked. Its content is a private field and its JSON is the summary: nothing that writes a
 * value down, be it a log, a record or an error, can write the picture.
 */
export class ReceivedImage implements ImageSize {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  readonly #content: Uint8Array;
  #summary: ImageSummary | undefined;

  constructor(parts: ImageSize & { readonly format: ImageFormat; readonly content: Uint8Array }) {
    this.format = parts.format;
    this.width = parts.width;
    this.height = parts.height;
    this.#content = parts.content;
  }

  /** The file as it was sent, still compressed. */
  get content(): Uint8Array {
    return this.#content;
  }

  summary(): ImageSummary {
    this.#summary ??= {
      format: this.format,
      width: this.width,
      height: this.height,
      bytes: this.#content.length,
      sha256: createHash('sha256').update(this.#content).digest('hex'),
    };
    return this.#summary;
  }

  toJSON(): ImageSummary {
    return this.summary();
  }
}

/** Values with the summaries of images in the place of the images. */
export function withSummaries(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value instanceof ReceivedImage ? value.summary() : value,
    ]),
  );
}

/** An image that can't be decoded although its header is sound. The client sent it, so it is the client who is told. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ImageFaultCode;
  readonly image: ReceivedImage;

  constructor(image: ReceivedImage, { code, detail }: ImageFault, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
    this.image = image;
  }
}
