/** One resource of a synthesized template, with every intrinsic function already evaluated. */
export interface LocalResource {
  readonly stack: string;
  readonly logicalId: string;
  /** The construct path (`aws:cdk:path`), or `stack/logicalId` where the template carries none. */
  readonly path: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What `Ref` answers. */
  readonly ref: string;
  /** What `Fn::GetAtt` answers. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a plugin may look at to name a resource before anything runs. */
export interface Unidentified {
  readonly stack: string;
  readonly logicalId: string;
  readonly region: string;
  readonly accountId: string;
  /** The front door's URL, for resources whose name is a URL there. */
  readonly frontDoorUrl: string;
  /** Evaluates one property on demand, so that naming a resource never forces a cycle through its others. */
  property(name: string): unknown;
}

export interface Identity {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** How the local cloud treats one CloudFormation type. */
export type ResourceSupport =
  | { readonly support: 'emulated'; identify(resource: Unidentified): Identity }
  /** Accepted, named and otherwise without effect on the laptop; `note` is printed at start unless it is empty. */
  | { readonly support: 'inert'; readonly note: string; identify(resource: Unidentified): Identity };
