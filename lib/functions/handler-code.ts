/** The code of one function, to be deployed whole. */
export interface HandlerCode {
  readonly folder: string;
  /** Of all the folder's files and their paths: the same wherever it was built. */
  readonly hash: string;
}

/** Where the code of a model's function is. @throws {Error} where the model was not bundled, or has no such function */
export type HandlerCodeOf = (model: string, name: string) => HandlerCode;
