import type { CloudServices } from './services.ts';

/** How much of something serves a resource, where Application Auto Scaling may change it. */
export interface Capacity {
  readonly current: number;
  /** What is missing starts; what is too much finishes its work and ends. Neither is waited for. */
  change(to: number): void;
  /**
   * Called when a minute is over, for what a service reports once a minute even if nobody asked it anything.
   * @param minute when it began, in milliseconds since the epoch
   */
  endMinute?(minute: number): void;
}

/** Offers the capacity of a resource to whoever scales it, under the names that scalable targets use. */
export function offerCapacity(
  services: CloudServices,
  scalableDimension: string,
  resourceId: string,
  capacity: Capacity,
): void {
  services.capacities ??= new Map();
  services.capacities.set(keyOf(scalableDimension, resourceId), capacity);
}

/** The capacity behind a scalable target; undefined where no plugin offers it. */
export function capacityOf(
  services: CloudServices,
  scalableDimension: string,
  resourceId: string,
): Capacity | undefined {
  return services.capacities?.get(keyOf(scalableDimension, resourceId));
}

function keyOf(scalableDimension: string, resourceId: string): string {
  return `${scalableDimension} ${resourceId}`;
}
