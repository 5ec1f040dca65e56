import {
  EndpointType,
  type IApiKey,
  type IRestApi,
  LogGroupLogDestination,
  Period,
  RestApi,
  type UsagePlan,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Access, AccessKind, ApiKeyAccess, Firewall } from '../../contract/deployment/deployment.ts';
import { takesImages } from '../../contract/fields/image.ts';
import type { Model } from '../../contract/model/model.ts';
import type { Environment } from '../environment.ts';
import { apiName } from '../names.ts';
import { acknowledge } from '../security/acknowledge.ts';
import type { DataKey } from '../security/data-key.ts';
import { ACCESS_LOG_FORMAT } from './access-log.ts';
import { addRoutes, type OperationFunctions } from './api-routes.ts';
import { closedMethods } from './closed-methods.ts';
import { ApiFirewall } from './firewall.ts';
import { addGatewayProblems } from './gateway-problems.ts';

export interface ModelApiProps {
  readonly environment: Environment;
  /** The stage has its name, so it is the base path of every route. */
  readonly model: Model;
  readonly access: Access;
  /** @default - whoever has access is let through */
  readonly firewall?: Firewall | undefined;
  /** What the access logs are encrypted with. @default - a key of CloudWatch Logs */
  readonly key?: DataKey | undefined;
  readonly functions: OperationFunctions;
  /** What verifies tokens; needed where `access` takes them. */
  readonly authorizer?: IFunction | undefined;
}

/** A value that callers need. */
export interface ApiOutput {
  readonly id: string;
  readonly value: string;
  readonly description: string;
}

/** The REST API of one model: closed to everybody who does not have what its access asks for. */
export class ModelApi extends Construct {
  /** What callers need: the base of every route, without a slash at its end, and what opens it. */
  readonly outputs: readonly ApiOutput[];

  constructor(scope: Construct, id: string, props: ModelApiProps) {
    super(scope, id);
    const { environment, key, model, access, firewall } = props;
    const restApi = new RestApi(this, 'RestApi', {
      restApiName: apiName(environment.name, model.name),
      description: model.title,
      endpointTypes: [EndpointType.REGIONAL],
      // The account's role for logging is shared by all APIs of a region: the shared stack has it.
      cloudWatchRole: false,
      deployOptions: {
        stageName: model.name,
        tracingEnabled: environment.tracing,
        metricsEnabled: true,
        // Whoever calls shares what the model was sized for.
        throttlingRateLimit: access.requestsPerSecond,
        throttlingBurstLimit: access.burst,
        accessLogDestination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLogs', {
            retention: environment.logRetentionDays,
            removalPolicy: environment.dataRemoval,
            ...(key === undefined ? {} : { encryptionKey: key.key }),
          }),
        ),
        accessLogFormat: ACCESS_LOG_FORMAT,
      },
    });
    // The construct's own output has a generated name; the stack names the URL itself.
    restApi.node.tryRemoveChild('Endpoint');
    // RestApi is an IRestApi: only the compiler's exact optional properties see a difference in a getter.
    const api = restApi as IRestApi;
    addGatewayProblems(this, api, { access: access.kind, uploads: takesImages(model) });
    addRoutes(this, api, model, props.functions, closedMethods(this, access.kind, props.authorizer));
    if (firewall !== undefined) {
      new ApiFirewall(this, 'Firewall', { firewall, stageArn: restApi.deploymentStage.stageArn });
    }
    acknowledgeChoices(restApi, access.kind, firewall);
    this.outputs = [
      {
        id: 'ApiUrl',
        value: restApi.deploymentStage.urlForPath('/').replace(/\/$/, ''),
        description: 'The base of every route',
      },
      ...opened(restApi, access, model.name),
    ];
  }
}

/** What a caller has to have, or to be allowed; whose tokens they are, says what verifies them. */
function opened(restApi: RestApi, access: Access, stage: string): ApiOutput[] {
  switch (access.kind) {
    case 'iam':
      return [
        {
          id: 'ApiInvokeArn',
          value: restApi.arnForExecuteApi('*', '/*', stage),
          description: "What a caller's policy has to allow execute-api:Invoke on",
        },
      ];
    case 'jwt':
      return [];
    case 'api-key':
      return [
        {
          id: 'ApiKeyId',
          value: keyOf(restApi, access).keyId,
          description: 'aws apigateway get-api-key --include-value --api-key <this> shows it',
        },
      ];
  }
}

/** An API key with a usage plan of its own. */
function keyOf(restApi: RestApi, access: ApiKeyAccess): IApiKey {
  const apiKey = restApi.addApiKey('ApiKey');
  usagePlan(restApi, access).addApiKey(apiKey);
  return apiKey;
}

function usagePlan(restApi: RestApi, access: ApiKeyAccess): UsagePlan {
  return restApi.addUsagePlan('UsagePlan', {
    throttle: { rateLimit: access.requestsPerSecond, burstLimit: access.burst },
    ...(access.requestsPerDay === undefined
      ? {}
      : { quota: { limit: access.requestsPerDay, period: Period.DAY } }),
    apiStages: [{ api: restApi as IRestApi, stage: restApi.deploymentStage }],
  });
}

/** What cdk-nag would have otherwise, and why it is as it is. */
function acknowledgeChoices(restApi: RestApi, access: AccessKind, firewall: Firewall | undefined): void {
  acknowledge(
    restApi,
    'AwsSolutions-APIG2',
    'The gateway validates parameters. The functions validate bodies, by the contract, and name what is wrong with them.',
  );
  if (firewall === undefined) {
    acknowledge(
      restApi,
      'AwsSolutions-APIG3',
      'Nobody gets past the gateway without a key, a signature or a token, and the stage bounds the rate.',
    );
  }
  if (access === 'api-key') {
    acknowledge(
      restApi,
      'AwsSolutions-APIG4',
      'Every method asks for an API key, which belongs to a usage plan of this stage alone.',
    );
  }
  acknowledge(
    restApi,
    'AwsSolutions-APIG6',
    'The execution log holds what callers send. The access log, which is on, holds none of it.',
  );
  acknowledge(
    restApi,
    'AwsSolutions-COG4',
    'Callers are programs with a key, credentials of AWS or a token of their own issuer, not people who sign in to a user pool.',
  );
}
