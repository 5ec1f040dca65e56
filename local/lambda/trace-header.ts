import { randomBytes } from 'node:crypto';

const FIELD = /(?:^|;)\s*(?<key>Root|Parent|Sampled)=(?<value>[^;\s]+)/g;
const ROOT = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;

/**
 * The X-Ray tracing header to pass on: that of the caller where its root is valid, with whatever it lacks added,
 * or a new one (https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader).
 * @param now milliseconds since the epoch
 */
export function traceHeader(incoming: string | undefined, now: number): string {
  const fields = new Map<string, string>();
  for (const { groups } of (incoming ?? '').matchAll(FIELD)) {
    if (groups?.key !== undefined && groups.value !== undefined) fields.set(groups.key, groups.value);
  }
  const given = fields.get('Root');
  const root = given !== undefined && ROOT.test(given) ? given : newRoot(now);
  const parent = fields.get('Parent') ?? randomBytes(8).toString('hex');
  return `Root=${root};Parent=${parent};Sampled=${fields.get('Sampled') ?? '1'}`;
}

/** The trace id alone, as access logs and consoles show it. */
export function traceRoot(header: string): string | undefined {
  return /Root=([^;\s]+)/.exec(header)?.[1];
}

function newRoot(now: number): string {
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  return `1-${seconds}-${randomBytes(12).toString('hex')}`;
}
