import { takesImages } from '../../../contract/fields/image.ts';
import type { Feature } from '../../functions/feature.ts';
import type { ModelParts } from '../../functions/model-parts.ts';
import type { UploadBucket } from '../../uploads/upload-bucket.ts';

/** Where images go that are too large for a request. */
export const UPLOADS = {
  belongsTo: ({ model }) => takesImages(model),
  functions: [
    {
      name: 'upload',
      memoryMb: 512,
      timeoutSeconds: 10,
      description: 'Answers where to upload an image',
      handler: { kind: 'bound' },
      variables: (parts) => ({ UPLOAD_BUCKET: bucketOf(parts).bucketName }),
      connect(fn, parts) {
        bucketOf(parts).grantOffer(fn);
      },
    },
  ],
} as const satisfies Feature;

function bucketOf({ model, uploads }: ModelParts): UploadBucket {
  if (uploads === undefined) throw new Error(`${model.name}: takes images, and has no bucket for uploads`);
  return uploads;
}
