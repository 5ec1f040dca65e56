import type { Tensor } from '../../contract/tensors/tensors.ts';

/** How tensors become the body of an invocation, and how what a container answers becomes tensors. */
export interface Format {
  /** The media type that is sent, and that is asked for. */
  readonly contentType: string;
  /** @param id the request's, for formats that carry one */
  encode(id: string, inputs: readonly Tensor[]): string;
  /**
   * @param rows how many inputs were sent
   * @throws {Error} that says what is wrong with the body, without quoting it: it holds predictions
   */
  decode(body: string, rows: number): readonly Tensor[];
}
