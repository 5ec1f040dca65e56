import type { AppProps } from 'aws-cdk-lib/core';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';

/**
 * An app without what nothing here reads, and what synthesis takes time for: usage statistics, the tree of constructs, and
 * where in the source each of them was made, which `cdk synth --debug` has nevertheless.
 */
export const APP_PROPS = {
  analyticsReporting: false,
  stackTraces: false,
  treeMetadata: false,
  context: { [DISABLE_CREATION_STACK_TRACES]: true },
} as const satisfies AppProps;
