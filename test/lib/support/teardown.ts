import type { Template } from 'aws-cdk-lib/assertions';

/** What deleting a stack does with one resource. */
export interface TornDown {
  readonly logicalId: string;
  readonly type: string;
  /** Whether it stays behind. */
  readonly retained: boolean;
}

interface Declared {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: string | readonly string[];
}

/** How a stack comes down, derived from its template alone, as CloudFormation does it. */
export class Teardown {
  readonly resources: readonly TornDown[];
  readonly #needs: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(template: Template) {
    const declared = template.toJSON().Resources as Readonly<Record<string, Declared>>;
    this.resources = Object.entries(declared).map(([logicalId, { Type: type, DeletionPolicy }]) => ({
      logicalId,
      type,
      retained: DeletionPolicy === 'Retain' || DeletionPolicy === 'RetainExceptOnCreate',
    }));
    const ids = new Set(Object.keys(declared));
    this.#needs = new Map(
      Object.entries(declared).map(([logicalId, resource]) => [
        logicalId,
        new Set([...references(resource), ...[resource.DependsOn ?? []].flat()].filter((id) => ids.has(id))),
      ]),
    );
  }

  /** The types of what stays, or of what goes, each once. */
  types(retained: boolean): readonly string[] {
    return [
      ...new Set(this.resources.filter((one) => one.retained === retained).map(({ type }) => type)),
    ].sort();
  }

  /**
   * Whether every resource of a type is gone before any of another is touched: CloudFormation deletes what depends on
   * something before that.
   */
  isBefore(type: string, other: string): boolean {
    const firsts = this.#ofType(type);
    const others = this.#ofType(other);
    if (firsts.length === 0 || others.length === 0) throw new Error(`there is no ${type} or no ${other}`);
    return firsts.every((first) => others.every((second) => this.dependsOn(first, second)));
  }

  #ofType(type: string): readonly string[] {
    return this.resources.filter((one) => one.type === type).map(({ logicalId }) => logicalId);
  }

  /** Whether a resource is made after another one, and deleted before it. */
  dependsOn(id: string, other: string): boolean {
    const seen = new Set<string>();
    const waiting = [id];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const needed of this.#needs.get(next) ?? []) {
        if (needed === other) return true;
        if (!seen.has(needed)) waiting.push(needed);
        seen.add(needed);
      }
    }
    return false;
  }
}

/** Every logical id that a value refers to. */
function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': sub } = value as Record<string, unknown>;
  const own = [
    ...(typeof Ref === 'string' ? [Ref] : []),
    ...(Array.isArray(attribute) ? [String(attribute[0])] : []),
    ...[...JSON.stringify(sub ?? '').matchAll(/\$\{(\w+)/g)].map(([, id = '']) => id),
  ];
  return [...own, ...Object.values(value).flatMap(references)];
}
