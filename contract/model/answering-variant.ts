/** The variant that `model.ts` declares itself; where no others are declared, it answers everybody. */
export const CHAMPION = 'champion';

/** A variant that answers, as clients may know it. */
export interface AnsweringVariant {
  readonly name: string;
  readonly version: string;
  /** Relative to the other weights. */
  readonly weight: number;
}
