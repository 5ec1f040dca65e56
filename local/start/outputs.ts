import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import { type Place, templateError } from '../template/errors.ts';
import { evaluate, type Scope } from '../template/intrinsics.ts';
import type { Stack } from '../template/model.ts';

/** What a model's stack says about itself in its outputs. */
export interface ModelOutputs {
  readonly name: string;
  /** The path of the model's API below the local URL: its stage. */
  readonly stage: string;
  readonly apiKeyId: string | undefined;
  /** The region that requests are signed for; undefined where nobody has to sign. */
  readonly signingRegion?: string | undefined;
  /** Whose tokens the API takes; undefined where it takes none. */
  readonly tokenIssuer?: string | undefined;
  /** A body that `POST /predictions` takes, as JSON. */
  readonly exampleRequest: string | undefined;
}

/**
 * The models of a deployment: every stack whose outputs hold `ModelName` and `ApiUrl`, and perhaps `ApiKeyId` and
 * `ExampleRequest`.
 * @throws {TemplateError} where one of them can't be evaluated
 */
export function readModelOutputs(cloud: LocalCloud): readonly ModelOutputs[] {
  return cloud.stacks.flatMap((stack) => {
    const value = (name: string) => {
      const output = stack.template.Outputs[name];
      const place: Place = { stack: stack.name, within: `Outputs.${name}`, path: ['Value'] };
      return output === undefined
        ? undefined
        : String(evaluate(output.Value, place, outputScope(stack, cloud)));
    };
    const name = value('ModelName');
    const url = value('ApiUrl');
    if (name === undefined || url === undefined) return [];
    const stage = new URL(url).pathname.split('/')[1] ?? '';
    return [
      {
        name,
        stage,
        apiKeyId: value('ApiKeyId'),
        signingRegion: value('ApiInvokeArn')?.split(':')[3],
        tokenIssuer: value('TokenIssuer'),
        exampleRequest: value('ExampleRequest'),
      },
    ];
  });
}

/** What an output may refer to: resources of its stack and pseudo parameters. */
function outputScope(stack: Stack, cloud: LocalCloud): Scope {
  const pseudoParameters: Readonly<Record<string, string>> = {
    'AWS::AccountId': stack.accountId,
    'AWS::Partition': 'aws',
    'AWS::Region': stack.region,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const resource = (logicalId: string, place: Place) => {
    const type = stack.template.Resources[logicalId]?.Type ?? '';
    const found = cloud
      .resources(type)
      .find((one) => one.stack === stack.name && one.logicalId === logicalId);
    if (found === undefined)
      throw templateError(place, logicalId, `${stack.name} declares nothing named ${logicalId}`);
    return found;
  };
  const refuse = (name: string, place: Place): never => {
    throw templateError(place, name, "a model's outputs may refer to resources of its own stack only");
  };
  return {
    region: stack.region,
    ref: (name, place) => pseudoParameters[name] ?? resource(name, place).ref,
    attribute: (logicalId, name, place) => resource(logicalId, place).attributes[name] ?? refuse(name, place),
    condition: refuse,
    mapping: (map, _top, _second, place) => refuse(map, place),
    importValue: refuse,
  };
}
