/** Pixels, row by row from the top. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel in turn. */
  readonly rgb: Uint8Array;
}
