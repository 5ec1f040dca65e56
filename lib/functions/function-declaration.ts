/** What a function needs of Lambda, and how its handler becomes a program. */
export interface FunctionDeclaration<Name extends string = string> {
  /** Its handler is `lambda/handlers/<name>.ts`; where it is an operation of the API, the route table names it so. */
  readonly name: Name;
  /** In MB; Lambda gives CPU in proportion to it. */
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** What the function is for, as the console shows it. */
  readonly description: string;
  readonly handler: HandlerBinding;
}

/** What a handler is given when it is bundled: by it, a generic handler becomes the program of one model's function. */
export type HandlerBinding = SharedBinding | BoundBinding;

/** It has no use for the model, and so is the same for all models. */
export interface SharedBinding {
  readonly kind: 'shared';
  /** Whether it is given the model's golden predictions. @default false */
  readonly golden?: boolean;
}

/** It is given the model. */
export interface BoundBinding {
  readonly kind: 'bound';
  /** Whether it asks the model, and so is given a way to it. @default false */
  readonly asks?: boolean;
  /** Whether it asks challengers and shadows too. @default false */
  readonly asksVariants?: boolean;
  /** Whether it reads what was uploaded, where the model takes images. @default false */
  readonly readsUploads?: boolean;
  /** The handler that stands in for it where answers come later. @default - the same */
  readonly asynchronous?: string;
}
