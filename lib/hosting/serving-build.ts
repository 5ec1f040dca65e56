/** What is built for a model that has an endpoint. */
export interface ServingBuild {
  /** The model's `model.tar.gz`. */
  readonly archive: string;
  /** The build context of the model server's image. */
  readonly imageFolder: string;
}
