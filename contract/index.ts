/** What model authors import. */

export { type DeploymentOptions, defineDeployment } from './deployment/deployment.ts';
export { exactlyOneOf } from './fields/alternatives.ts';
export { type ImageOptions, image } from './fields/image.ts';
export { quantity } from './fields/quantity.ts';
export type { ImageSummary, ReceivedImage } from './images/received-image.ts';
export { type ArtifactModel, type ComputedModel, defineModel, type Model } from './model/model.ts';
export type { Tensor } from './tensors/tensors.ts';
export type { Commodity } from './units/bushels.ts';
export { unitConverter } from './units/units.ts';
