import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import type { DataKey } from '../security/data-key.ts';

/** The attribute by which DynamoDB drops what is past its retention, in seconds since 1970. */
const EXPIRY_ATTRIBUTE = 'expiresAt';

export interface PredictionTableProps {
  readonly environment: Environment;
  /** @default - encrypted with the key that AWS manages for DynamoDB */
  readonly key?: DataKey | undefined;
}

/**
 * What was predicted and what was observed afterwards: an item for each, under the prediction's id. On-demand, encrypted,
 * recoverable to any second of the last 35 days.
 */
export class PredictionTable extends Construct {
  readonly table: Table;
  readonly #key: DataKey | undefined;

  constructor(scope: Construct, id: string, { environment, key }: PredictionTableProps) {
    super(scope, id);
    this.#key = key;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'predictionId', type: AttributeType.STRING },
      sortKey: { name: 'record', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...(key === undefined
        ? { encryption: TableEncryption.AWS_MANAGED }
        : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key.key }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: EXPIRY_ATTRIBUTE,
      deletionProtection: environment.terminationProtection,
      removalPolicy: environment.dataRemoval,
    });
  }

  get tableName(): string {
    return this.table.tableName;
  }

  /** Lets a function store predictions, several at once. */
  grantStorePredictions(grantee: IGrantable): Grant {
    return this.#grant(grantee, 'dynamodb:BatchWriteItem');
  }

  /** Lets a function read a prediction with its feedback. */
  grantReadPrediction(grantee: IGrantable): Grant {
    return this.#grant(grantee, 'dynamodb:Query');
  }

  /** Lets a function store how accepted predictions ended. */
  grantStoreOutcomes(grantee: IGrantable): Grant {
    return this.#grant(grantee, 'dynamodb:UpdateItem');
  }

  /** Lets a function see how an accepted prediction ended, or the latest. */
  grantReadOutcome(grantee: IGrantable): Grant {
    return this.#grant(grantee, 'dynamodb:GetItem');
  }

  /** Lets a function look a prediction up and store feedback for it. */
  grantStoreFeedback(grantee: IGrantable): Grant {
    return this.#grant(grantee, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  #grant(grantee: IGrantable, ...actions: string[]): Grant {
    this.#key?.grantTable(grantee);
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
  }
}
