/** What is built for a model that has an endpoint. */
export interface ServingBuild {
  /** The model's `model.tar.gz`; absent where the data lies in S3 already. */
  readonly archive?: string | undefined;
  /** The build context of the container's image; absent where the image lies in a repository already. */
  readonly imageFolder?: string | undefined;
}
