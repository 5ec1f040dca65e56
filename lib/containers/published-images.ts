import {
  type Processor,
  type PublishedContainer,
  processorOf,
} from '../../contract/deployment/containers.ts';
import { ALGORITHM_REGISTRY, deepLearningRegistry, type Registry, tritonRegistry } from './registries.ts';

/** The images that AWS publishes for one framework. */
interface PublishedImages {
  readonly repository: string;
  readonly registry: () => Registry;
  /** Those that can be chosen. */
  readonly versions: readonly string[];
  readonly tag: (version: string, processor: Processor) => string;
}

/** The Python of each version of PyTorch, which its tags name. */
const PYTORCH: Readonly<Record<string, string>> = {
  '2.1.0': 'py310',
  '2.2.0': 'py310',
  '2.3.0': 'py311',
  '2.4.0': 'py311',
  '2.5.1': 'py311',
  '2.6.0': 'py312',
};

/**
 * What AWS publishes, as of August 2026: repositories and tags as the SageMaker Python SDK resolves them
 * (https://github.com/aws/sagemaker-python-sdk, sagemaker-core: image_uris.py and image_uri_config). The Deep Learning
 * Containers are listed at https://github.com/aws/deep-learning-containers/blob/master/available_images.md.
 */
export const PUBLISHED: Readonly<Record<PublishedContainer['kind'], PublishedImages>> = {
  xgboost: {
    repository: 'sagemaker-xgboost',
    registry: () => ALGORITHM_REGISTRY,
    versions: ['1.5-1', '1.7-1', '3.0-5', '3.2-0'],
    tag: (version) => version,
  },
  'scikit-learn': {
    repository: 'sagemaker-scikit-learn',
    registry: () => ALGORITHM_REGISTRY,
    versions: ['1.0-1', '1.2-1', '1.4-2', '1.4-2-py312'],
    tag: (version, processor) => `${version}-${processor}-py3`,
  },
  pytorch: {
    repository: 'pytorch-inference',
    registry: deepLearningRegistry,
    versions: Object.keys(PYTORCH),
    tag: (version, processor) => `${version}-${processor}-${PYTORCH[version]}`,
  },
  triton: {
    repository: 'sagemaker-tritonserver',
    registry: tritonRegistry,
    versions: ['25.04', '25.09', '26.05'],
    // Only images without CUDA say what they are made for.
    tag: (version, processor) => `${version}-py3${processor === 'cpu' ? '-cpu' : ''}`,
  },
};

/** The tag of an image that AWS publishes; undefined for a version that it does not. */
export function publishedTag(container: PublishedContainer): string | undefined {
  const { kind, version } = container;
  const { versions, tag } = PUBLISHED[kind];
  return versions.includes(version) ? tag(version, processorOf(container)) : undefined;
}
