import { z } from 'zod';
import { checkImage, type ImageLimits } from '../images/image-check.ts';
import type { ImageFault } from '../images/image-fault.ts';
import { IMAGE_FORMATS, type ImageFormat } from '../images/image-kind.ts';
import type { ReceivedImage } from '../images/received-image.ts';
import { UnavailableUpload, UploadedFile } from '../images/uploaded-file.ts';
import { typeName } from './quantity.ts';
import { ULID } from './ulid.ts';

export interface ImageOptions {
  /** What the picture shows, for the API's documentation. */
  readonly description: string;
  /** The most pixels, of one image and of all images of a request together: they are what decoding costs. */
  readonly maxPixels: number;
  /** The most bytes, likewise. @default 25,000,000 */
  readonly maxBytes?: number;
  /** @default - both JPEG and PNG */
  readonly formats?: readonly ImageFormat[];
  /** How many inputs one request may hold: they are in memory together. @default 16 */
  readonly maxPerRequest?: number;
  /** A small image, in base64. @default - four by four pixels, the left half green and the right half brown, as PNG */
  readonly example?: string;
}

/** What {@link image} declared, with its defaults. */
export interface ImageDeclaration extends ImageLimits {
  readonly description: string;
  readonly maxPerRequest: number;
  readonly example: ImageInput;
  /** What is wrong with the declaration itself; {@link defineModel} tells it with the field's name. */
  readonly problems: readonly string[];
}

/** What a client sends for an image: the file in base64, or the id of an upload. */
export type ImageInput = { readonly data: string } | { readonly upload: string };

/** A field that holds an image: parsing answers one whose header is sound. */
export type ImageSchema = z.ZodType<ReceivedImage, ImageInput>;

/** Below what SageMaker takes on instances for one request, and more than phones make. */
const MAX_BYTES = 25_000_000;
const MAX_PER_REQUEST = 16;

const EXAMPLE =
  'iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAFUlEQVR42mOwWWAERD0pbkDEQBwHANZDEiFpR6DvAAAAAElFTkSuQmCC';

const declarations = new WeakMap<z.core.$ZodType, ImageDeclaration>();

/**
 * A picture, JPEG or PNG. Its header is checked before anything is decoded: format, completeness, pixels. What the model
 * gets is a {@link ReceivedImage}; what is logged and stored of it is a summary.
 */
export function image(options: ImageOptions): ImageSchema {
  const declaration = declare(options);
  const schema = z
    .unknown()
    .transform((input, context) => {
      const result = readImage(declaration, input);
      if (!('code' in result)) return result;
      const { code, detail, path = [] } = result;
      context.addIssue({
        code: 'custom',
        message: detail,
        path: [...path],
        params: { problem: code },
        continue: false,
      });
      return z.NEVER;
    })
    .meta({ description: options.description, examples: [declaration.example] }) as unknown as ImageSchema;
  declarations.set(schema, declaration);
  return schema;
}

/** The declaration behind a field, looking through `.optional()` and the like; undefined for other fields. */
export function imageDeclaration(schema: z.core.$ZodType): ImageDeclaration | undefined {
  const found = declarations.get(schema);
  if (found !== undefined) return found;
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType };
  return innerType === undefined ? undefined : imageDeclaration(innerType);
}

/** The fields of a schema that hold images, by name. */
export function imageFields(schema: z.ZodObject): ReadonlyMap<string, ImageDeclaration> {
  return new Map(
    Object.entries(schema.shape).flatMap(([name, field]) => {
      const declaration = imageDeclaration(field);
      return declaration === undefined ? [] : [[name, declaration] as const];
    }),
  );
}

/** Whether a model takes images, and so uploads. */
export function takesImages({ input }: { readonly input: z.ZodObject }): boolean {
  return imageFields(input).size > 0;
}

function declare(options: ImageOptions): ImageDeclaration {
  const { description, maxPixels, formats = IMAGE_FORMATS } = options;
  const { maxBytes = MAX_BYTES, maxPerRequest = MAX_PER_REQUEST, example = EXAMPLE } = options;
  const counts = { maxPixels, maxBytes, maxPerRequest };
  const problems = Object.entries(counts)
    .filter(([, count]) => !Number.isInteger(count) || count < 1)
    .map(([name, count]) => `${name} (${count}) is not a whole number above 0`);
  if (formats.length === 0) problems.push(`it takes no format; name some of ${IMAGE_FORMATS.join(', ')}`);
  return { description, ...counts, formats, example: { data: example }, problems };
}

interface ItemFault {
  readonly code: ImageFault['code'] | 'missing-field' | 'wrong-type' | 'unknown-field' | 'conflicting-fields';
  readonly detail: string;
  /** Below the field itself, for example `['data']`. */
  readonly path?: readonly string[];
}

const FORM = '{"data": "<the file in base64>"} or {"upload": "<the uploadId that POST /uploads answered>"}';

function readImage(declaration: ImageDeclaration, input: unknown): ReceivedImage | ItemFault {
  if (input instanceof UploadedFile) return checkImage(input.content, declaration, input.contentType);
  if (input instanceof UnavailableUpload) return { code: input.code, detail: input.detail, path: ['upload'] };
  if (input === undefined) return { code: 'missing-field', detail: `Required. Send an image: ${FORM}.` };
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { code: 'wrong-type', detail: `Got ${typeName(input)}. Send an image: ${FORM}.` };
  }
  const unexpected = Object.keys(input).find((key) => key !== 'data' && key !== 'upload');
  if (unexpected !== undefined) {
    return {
      code: 'unknown-field',
      path: [unexpected],
      detail: `An image has "data" or "upload" only. Send ${FORM}.`,
    };
  }
  const { data, upload } = input as { data?: unknown; upload?: unknown };
  if (data !== undefined && upload !== undefined) {
    return { code: 'conflicting-fields', detail: 'Send "data" or "upload", not both.' };
  }
  if (upload !== undefined) return refusedUpload(upload);
  if (data === undefined)
    return { code: 'missing-field', detail: `It has neither "data" nor "upload". Send ${FORM}.` };
  if (typeof data !== 'string') {
    return {
      code: 'wrong-type',
      path: ['data'],
      detail: `Got ${typeName(data)}. Send the file in base64, as a string.`,
    };
  }
  const bytes = decodeBase64(data);
  if ('code' in bytes) return { ...bytes, path: ['data'] };
  const checked = checkImage(bytes, declaration);
  return 'code' in checked ? { ...checked, path: ['data'] } : checked;
}

/** Whoever resolves uploads puts files in their place beforehand: what is left is no upload's id, or nobody does. */
function refusedUpload(upload: unknown): ItemFault {
  if (typeof upload !== 'string') {
    return {
      code: 'wrong-type',
      path: ['upload'],
      detail: `Got ${typeName(upload)}. Send the "uploadId" that POST /uploads answered.`,
    };
  }
  const what = ULID.test(upload) ? 'No such upload is known here' : 'This is not the id of an upload';
  return {
    code: 'upload-not-found',
    path: ['upload'],
    detail: `${what}. Send the "uploadId" that POST /uploads answered.`,
  };
}

/** Base64 of RFC 4648, section 4, with its padding; no line breaks. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function decodeBase64(data: string): Uint8Array | ImageFault {
  const [prefix] = /^data:[^,]{0,100},/.exec(data) ?? [];
  if (prefix !== undefined) {
    return { code: 'invalid-base64', detail: 'Got a data URL. Send the base64 behind its comma alone.' };
  }
  if (data.length % 4 === 0 && BASE64.test(data)) return Buffer.from(data, 'base64');
  return {
    code: 'invalid-base64',
    detail: `This is not base64: ${base64Hint(data)}. Send the bytes of the file, encoded by RFC 4648 with padding and without line breaks.`,
  };
}

function base64Hint(data: string): string {
  if (/[\r\n]/.test(data)) return 'it has line breaks';
  if (/[-_]/.test(data)) return 'it has the characters of the URL-safe alphabet';
  return BASE64.test(data)
    ? 'its length is not a multiple of four'
    : 'it has characters that base64 does not have';
}
