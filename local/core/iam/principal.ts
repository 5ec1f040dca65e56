/** Who signed a request at the front door. */
export type Principal =
  | { readonly kind: 'role'; readonly roleArn: string; readonly sessionName: string }
  /** Any access key that belongs to no role: the developer, who may do everything, as with an administrator's profile. */
  | { readonly kind: 'developer' };
