import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { LocalResource } from '../template/resource-types.ts';
import type { Engine } from './engine.ts';

const keySchema = z.array(z.looseObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const indexSchema = z.looseObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.looseObject({}),
  ProvisionedThroughput: z.unknown().optional(),
});

const attributesSchema = z.array(
  z.looseObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
);

const tableSchema = z.looseObject({
  AttributeDefinitions: attributesSchema,
  KeySchema: keySchema,
  BillingMode: z.enum(['PAY_PER_REQUEST', 'PROVISIONED']).default('PROVISIONED'),
  ProvisionedThroughput: z.unknown().optional(),
  GlobalSecondaryIndexes: z.array(indexSchema).optional(),
  LocalSecondaryIndexes: z.array(indexSchema).optional(),
  TimeToLiveSpecification: z
    .looseObject({ AttributeName: z.string().optional(), Enabled: z.boolean() })
    .optional(),
});

const descriptionSchema = z.looseObject({
  Table: z.looseObject({
    AttributeDefinitions: attributesSchema,
    KeySchema: keySchema,
    GlobalSecondaryIndexes: z.array(indexSchema).default([]),
    LocalSecondaryIndexes: z.array(indexSchema).default([]),
  }),
});

/** A table of a template, as the emulation needs it. */
export interface DeclaredTable {
  readonly name: string;
  /** The attribute that holds an item's expiry, where time to live is on. */
  readonly timeToLiveAttribute: string | undefined;
  /** Whether it was made just now. */
  readonly isNew: boolean;
}

/**
 * Makes a declared table exist; one that an earlier run left keeps its items.
 * @param dataPath the folder named in the error where that table has another schema
 * @throws {Error} where the table on disk has other keys or indexes
 */
export async function ensureTable(
  engine: Engine,
  resource: LocalResource,
  dataPath: string,
): Promise<DeclaredTable> {
  const table = tableSchema.parse(resource.properties);
  const name = resource.ref;
  const described = await engine.call('DescribeTable', JSON.stringify({ TableName: name }));
  const isNew = described.status !== 200;
  if (!isNew) {
    const existing = descriptionSchema.parse(JSON.parse(described.body.toString('utf8'))).Table;
    if (!isDeepStrictEqual(shapeOf(existing), shapeOf(table))) {
      throw new Error(
        `${resource.path}: the table ${name} in ${dataPath} has other keys or indexes than the template declares. ` +
          'Change the template back, give the table another name, or delete that folder to start with empty tables.',
      );
    }
  } else {
    await create(engine, resource, table);
  }
  const ttl = table.TimeToLiveSpecification;
  return { name, timeToLiveAttribute: ttl?.Enabled ? ttl.AttributeName : undefined, isNew };
}

async function create(
  engine: Engine,
  resource: LocalResource,
  table: z.infer<typeof tableSchema>,
): Promise<void> {
  const { AttributeDefinitions, KeySchema, BillingMode, ProvisionedThroughput } = table;
  const { GlobalSecondaryIndexes, LocalSecondaryIndexes } = table;
  const input = {
    TableName: resource.ref,
    AttributeDefinitions,
    KeySchema,
    BillingMode,
    ProvisionedThroughput,
    GlobalSecondaryIndexes,
    LocalSecondaryIndexes,
  };
  const created = await engine.call('CreateTable', JSON.stringify(input));
  if (created.status !== 200) {
    throw new Error(`${resource.path}: the table can't be created: ${created.body.toString('utf8')}`);
  }
}

type Shaped = Pick<
  z.infer<typeof tableSchema>,
  'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes'
>;

/** What can't change under stored items: key attributes with their types, and the indexes. */
function shapeOf(table: Shaped): unknown {
  const types = new Map(table.AttributeDefinitions.map((one) => [one.AttributeName, one.AttributeType]));
  const keys = (schema: z.infer<typeof keySchema>): string[] =>
    schema.map((key) => `${key.KeyType} ${key.AttributeName} ${types.get(key.AttributeName)}`).sort();
  const indexes = (list: readonly z.infer<typeof indexSchema>[] | undefined): unknown =>
    Object.fromEntries(
      (list ?? []).map((index) => [index.IndexName, [keys(index.KeySchema), projection(index)]]),
    );
  return {
    keys: keys(table.KeySchema),
    global: indexes(table.GlobalSecondaryIndexes),
    local: indexes(table.LocalSecondaryIndexes),
  };
}

function projection(index: z.infer<typeof indexSchema>): unknown {
  const { ProjectionType = 'ALL', NonKeyAttributes = [] } = index.Projection;
  return {
    ProjectionType,
    NonKeyAttributes: Array.isArray(NonKeyAttributes) ? [...NonKeyAttributes].sort() : [],
  };
}
