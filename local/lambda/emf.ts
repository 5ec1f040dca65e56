import { z } from 'zod';
import type { Datum } from '../core/plugin/metrics.ts';
import { parseJson } from '../core/wire/parse-json.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const embedded = z.looseObject({
  _aws: z.looseObject({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.looseObject({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())).default([[]]),
        Metrics: z.array(z.looseObject({ Name: z.string(), Unit: z.string().default('None') })),
      }),
    ),
  }),
});

/** The metrics that CloudWatch would extract from one log event; none where the line is not in the embedded format. */
export function readEmbeddedMetrics(line: string): readonly Datum[] {
  // The console of the managed runtime puts time, request id and level before the text.
  const start = line.indexOf('{');
  if (start < 0 || !line.includes('"_aws"')) return [];
  const parsed = embedded.safeParse(parseJson(line.slice(start)));
  if (!parsed.success) return [];
  const { _aws: directive, ...members } = parsed.data;
  return directive.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name, Unit }) =>
      values(members[Name]).flatMap((value) =>
        // A set that names what the line does not hold is not one (the specification, "DimensionSet").
        Dimensions.filter((names) => names.every((name) => Object.hasOwn(members, name))).map((names) => ({
          namespace: Namespace,
          name: Name,
          unit: Unit,
          value,
          timestamp: directive.Timestamp,
          dimensions: Object.fromEntries(names.map((name) => [name, String(members[name])])),
        })),
      ),
    ),
  );
}

function values(member: unknown): readonly number[] {
  if (typeof member === 'number') return [member];
  return Array.isArray(member) ? member.filter((one) => typeof one === 'number') : [];
}
