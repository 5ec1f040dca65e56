/** A CloudWatch metric's name as Datadog spells it: in snake case. */
export function datadogMetric(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** A CloudWatch metric's dimensions as Datadog's tags. */
export function datadogTags(dimensions: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(dimensions).map(([dimension, value]) => [dimension.toLowerCase(), value]),
  );
}
