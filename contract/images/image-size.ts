/** What an image's header says of its size, in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}
