import type { Objectives } from '../../contract/deployment.ts';
import type { AlarmDeclaration } from './alarm-declaration.ts';
import { apiAlarms } from './api-alarms.ts';
import { captureAlarms } from './capture-alarms.ts';
import { endpointAlarms } from './endpoint-alarms.ts';
import { type FunctionAlarmSubject, functionAlarms } from './function-alarms.ts';

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
  readonly endpoint?: { readonly endpointName: string; readonly variantName: string } | undefined;
}

/** Every alarm of one model. */
export function alarmCatalogue(subject: AlarmSubject): readonly AlarmDeclaration[] {
  const { endpoint, objectives } = subject;
  return [
    ...apiAlarms(subject),
    ...subject.functions.flatMap(functionAlarms),
    ...(endpoint === undefined
      ? []
      : endpointAlarms({
          endpointName: endpoint.endpointName,
          variantName: endpoint.variantName,
          objectives,
        })),
    ...captureAlarms(subject),
  ];
}
