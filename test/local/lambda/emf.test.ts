import { expect, test } from 'vitest';
import { readEmbeddedMetrics } from '../../../local/lambda/emf.ts';

const event = {
  _aws: {
    Timestamp: 1700000000000,
    CloudWatchMetrics: [
      {
        Namespace: 'Furrow',
        Dimensions: [['service'], ['service', 'route']],
        Metrics: [{ Name: 'Latency', Unit: 'Milliseconds' }, { Name: 'Count' }],
      },
    ],
  },
  service: 'barley',
  route: 'predict',
  Latency: [12, 30],
  Count: 1,
};

test('every value is a datum for every set of dimensions', () => {
  const data = readEmbeddedMetrics(JSON.stringify(event));

  expect(data).toHaveLength(6);
  expect(data).toContainEqual({
    namespace: 'Furrow',
    name: 'Latency',
    unit: 'Milliseconds',
    value: 30,
    timestamp: 1700000000000,
    dimensions: { service: 'barley', route: 'predict' },
  });
  expect(data).toContainEqual(
    expect.objectContaining({ name: 'Count', unit: 'None', value: 1, dimensions: { service: 'barley' } }),
  );
});

test('a line of the patched console counts as well', () => {
  expect(readEmbeddedMetrics(`2026-01-01T00:00:00Z\tid\tINFO\t${JSON.stringify(event)}`)).toHaveLength(6);
});

test.each(['START RequestId: x', '{"message":"_aws"}', '{"_aws":{}}', '{"_aws" broken', ''])(
  'the line %j holds no metrics',
  (line) => {
    expect(readEmbeddedMetrics(line)).toEqual([]);
  },
);

test.each(['absent', 'constructor', 'toString'])(
  'a set of dimensions that names %s, which the line does not hold, is left out',
  (name) => {
    const { _aws: directive } = event;
    const [metrics] = directive.CloudWatchMetrics;
    const Dimensions = [['service', name], ['service']];
    const line = { ...event, _aws: { ...directive, CloudWatchMetrics: [{ ...metrics, Dimensions }] } };

    expect(readEmbeddedMetrics(JSON.stringify(line)).map(({ dimensions }) => dimensions)).toEqual(
      Array.from({ length: 3 }, () => ({ service: 'barley' })),
    );
  },
);
