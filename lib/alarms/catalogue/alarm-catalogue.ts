import type { Objectives } from '../../../contract/deployment/deployment.ts';
import type { AlarmDeclaration } from './alarm-declaration.ts';
import { apiAlarms } from './api-alarms.ts';
import { type AsynchronousParts, asynchronousAlarms } from './asynchronous-alarms.ts';
import { type BatchAlarmSubject, batchAlarms } from './batch-alarms.ts';
import { type CallbackAlarmSubject, callbackAlarms } from './callback-alarms.ts';
import { captureAlarms } from './capture-alarms.ts';
import { type EndpointAlarmSubject, endpointAlarms } from './endpoint-alarms.ts';
import { type FunctionAlarmSubject, functionAlarms } from './function-alarms.ts';

type EndpointSubject = Pick<EndpointAlarmSubject, 'endpointName' | 'variantName' | 'componentName'> & {
  /** @default - it answers at once */
  readonly asynchronous?: AsynchronousParts;
};

/** What the alarms of one model look at. */
export interface AlarmSubject {
  readonly environment: string;
  readonly model: string;
  readonly objectives: Objectives;
  readonly apiName: string;
  readonly stageName: string;
  readonly functions: readonly FunctionAlarmSubject[];
  readonly tableName: string;
  readonly deadLetterQueueName: string;
  /** Absent where the model runs inside the predict function. */
  readonly endpoint?: EndpointSubject | undefined;
  /** The endpoints of challengers and shadows. @default - none */
  readonly variantEndpoints?: readonly EndpointSubject[];
  /** @default - nobody is called back */
  readonly callbacks?: CallbackAlarmSubject | undefined;
  /** @default - the model has no batches */
  readonly batch?: BatchAlarmSubject | undefined;
}

/** Every alarm of one model. */
export function alarmCatalogue(subject: AlarmSubject): readonly AlarmDeclaration[] {
  const { endpoint, variantEndpoints = [] } = subject;
  return [
    ...apiAlarms({ ...subject, startsFromZero: endpoint?.componentName !== undefined }),
    ...subject.functions.flatMap(functionAlarms),
    ...(endpoint === undefined ? [] : alarmsOfEndpoint(subject, endpoint)),
    ...variantEndpoints.flatMap((one) => alarmsOfEndpoint(subject, one)),
    ...(subject.callbacks === undefined ? [] : callbackAlarms(subject.callbacks)),
    ...(subject.batch === undefined ? [] : batchAlarms(subject.batch)),
    ...captureAlarms({
      ...subject,
      ...(endpoint?.asynchronous === undefined ? {} : { furtherTableOperations: ['UpdateItem'] }),
    }),
  ];
}

function alarmsOfEndpoint(
  { environment, model, objectives }: AlarmSubject,
  { endpointName, variantName, componentName, asynchronous }: EndpointSubject,
): readonly AlarmDeclaration[] {
  if (asynchronous === undefined)
    return endpointAlarms({ endpointName, variantName, componentName, objectives });
  return asynchronousAlarms({ environment, model, endpointName, variantName, objectives, ...asynchronous });
}
