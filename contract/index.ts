/** What model authors import. */
export { exactlyOneOf } from './alternatives.ts';
export type { Commodity } from './bushels.ts';
export { type DeploymentOptions, defineDeployment } from './deployment.ts';
export { type ImageOptions, image } from './image.ts';
export { type ArtifactModel, type ComputedModel, defineModel, type Model } from './model.ts';
export { quantity } from './quantity.ts';
export type { ImageSummary, ReceivedImage } from './received-image.ts';
export type { Tensor } from './tensors.ts';
export { unitConverter } from './units.ts';
