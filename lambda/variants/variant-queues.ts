import { type AnsweringVariant, CHAMPION } from '../../contract/model/answering-variant.ts';
import type { InvokeAsynchronously } from '../asynchronous/invoker.ts';
import { assign } from './assignment.ts';
import type { ShadowQueue } from './shadow-queues.ts';
import type { FurtherRoute } from './variant-router.ts';

export interface VariantQueuesOptions {
  /** The model's name. */
  readonly model: string;
  readonly championEndpointName: string;
  readonly variants: readonly (AnsweringVariant & FurtherRoute)[];
  readonly shadows: readonly (Pick<AnsweringVariant, 'name' | 'version'> & FurtherRoute)[];
  /** The queue of an endpoint. */
  readonly queueOf: (endpointName: string) => InvokeAsynchronously;
}

/** Who answers one caller, through a queue. */
export interface ChosenQueue {
  readonly name: string;
  readonly version: string;
  readonly invoke: InvokeAsynchronously;
}

/** The ways to all variants of an asynchronous model: made once, at the start, each with connections of its own. */
export interface VariantQueues {
  /** By the caller's key, always the same for the same key. */
  readonly choose: (callerKey: string) => ChosenQueue;
  readonly shadows: readonly ShadowQueue[];
  /** The queue of one of them. @throws {Error} where there is no such variant */
  readonly queueOf: (variant: string) => InvokeAsynchronously;
}

/** @throws {Error} where a variant besides the champion has no endpoint */
export function variantQueues(options: VariantQueuesOptions): VariantQueues {
  const { model, championEndpointName, variants, shadows, queueOf } = options;
  const queueTo = ({ name, endpointName }: FurtherRoute) => {
    const endpoint = name === CHAMPION ? championEndpointName : endpointName;
    if (endpoint === undefined) throw new Error(`the variant ${name} has no endpoint`);
    return queueOf(endpoint);
  };
  const choices = variants.map((variant) => ({ ...variant, invoke: queueTo(variant) }));
  const asked = shadows.map((shadow) => ({
    name: shadow.name,
    version: shadow.version,
    invoke: queueTo(shadow),
  }));
  return {
    choose: (callerKey) => assign(model, choices, callerKey),
    shadows: asked,
    queueOf: (variant) => {
      const found = [...choices, ...asked].find(({ name }) => name === variant);
      if (found === undefined) throw new Error(`there is no variant ${variant}`);
      return found.invoke;
    },
  };
}
