import type { Capacity } from './capacity.ts';

/**
 * What plugins offer one another. A plugin fills in its own part while it starts; each service adds that part to this
 * declaration in the file `service.ts` of its own folder, so that nothing here knows of any service.
 */
export interface CloudServices {
  /** By what `offerCapacity` makes of a scalable dimension and a resource's id. */
  capacities?: Map<string, Capacity>;
}
