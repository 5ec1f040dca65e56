import { imageFields } from '../fields/image.ts';
import type { UnavailableUpload, UploadedFile } from '../images/uploaded-file.ts';
import type { Model } from '../model/model.ts';
import { excessiveInputs } from './request-images.ts';

/** Finds what was uploaded under an id; `maxBytes` is what there is room for. */
export type FindUpload = (uploadId: string, maxBytes: number) => Promise<UploadedFile | UnavailableUpload>;

/**
 * The body of `POST /predictions` with the uploaded files, or why they can't be had, in the place of their ids; everything
 * else is as it was sent, to be validated. Files are fetched one after another, each with the room that those before it
 * have left, so that all together are no larger than one may be. A list that is too long for one request is left as it is:
 * it is refused for its length, so nothing is fetched for it.
 */
export async function withUploads(
  model: Pick<Model, 'input'>,
  body: unknown,
  find: FindUpload,
): Promise<unknown> {
  const fields = imageFields(model.input);
  if (fields.size === 0 || !isObject(body) || excessiveInputs(model, body) !== undefined) return body;
  const room = new Map([...fields].map(([name, { maxBytes }]) => [name, maxBytes]));
  const resolved = async (values: unknown): Promise<unknown> => {
    if (!isObject(values)) return values;
    const copy = { ...values };
    for (const name of fields.keys()) {
      const id = uploadIdIn(values[name]);
      if (id === undefined) continue;
      const found = await find(id, room.get(name) ?? 0);
      if ('content' in found) room.set(name, (room.get(name) ?? 0) - found.content.length);
      copy[name] = found;
    }
    return copy;
  };
  const { input, inputs } = body;
  const copy = { ...body };
  if (input !== undefined) copy.input = await resolved(input);
  if (Array.isArray(inputs)) {
    const list: unknown[] = [];
    for (const values of inputs) list.push(await resolved(values));
    copy.inputs = list;
  }
  return copy;
}

/** The id where a value names an upload and nothing else; anything else is for validation to refuse. */
function uploadIdIn(value: unknown): string | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  return typeof value.upload === 'string' ? value.upload : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
