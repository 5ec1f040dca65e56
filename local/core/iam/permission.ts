/** One permission a request needs, in IAM's terms. */
export interface RequiredPermission {
  readonly action: string;
  readonly resource: string;
}
