import { physicalName } from '../template/physical-name.ts';
import type { Identity, ResourceSupport, Unidentified } from '../template/resource-types.ts';
import { parseFunctionReference } from './arn.ts';

/** The CloudFormation types of Lambda, and what `Ref` and `Fn::GetAtt` answer for them. */
export const resourceTypes: Readonly<Record<string, ResourceSupport>> = {
  'AWS::Lambda::Function': { support: 'emulated', identify: identifyFunction },
  'AWS::Lambda::Version': { support: 'emulated', identify: identifyVersion },
  'AWS::Lambda::Alias': { support: 'emulated', identify: identifyAlias },
  'AWS::Lambda::Permission': { support: 'emulated', identify: named },
  'AWS::Lambda::EventSourceMapping': { support: 'emulated', identify: identifyMapping },
  'AWS::Lambda::LayerVersion': {
    support: 'inert',
    note: 'layers are not on the laptop: a function finds nothing under /opt',
    identify: (resource) => ({ ref: arn(resource, `layer:${physicalName(resource)}:1`) }),
  },
  'AWS::Lambda::LayerVersionPermission': { support: 'inert', note: '', identify: named },
  'AWS::Lambda::EventInvokeConfig': {
    support: 'inert',
    note: 'asynchronous events are tried three times and then dropped, without destinations',
    identify: named,
  },
};

function arn(resource: Unidentified, rest: string): string {
  return `arn:aws:lambda:${resource.region}:${resource.accountId}:${rest}`;
}

function named(resource: Unidentified): Identity {
  const ref = physicalName(resource);
  return { ref, attributes: { Id: ref } };
}

function identifyFunction(resource: Unidentified): Identity {
  const given = resource.property('FunctionName');
  const ref = typeof given === 'string' ? given : physicalName(resource);
  return { ref, attributes: { Arn: arn(resource, `function:${ref}`) } };
}

/** Every version of the templates is the code that was just synthesized; the first one is called 1. */
function identifyVersion(resource: Unidentified): Identity {
  const ref = arn(resource, `function:${functionName(resource)}:1`);
  return { ref, attributes: { Version: '1', FunctionArn: ref } };
}

function identifyAlias(resource: Unidentified): Identity {
  const ref = arn(resource, `function:${functionName(resource)}:${String(resource.property('Name'))}`);
  return { ref, attributes: { AliasArn: ref } };
}

function identifyMapping(resource: Unidentified): Identity {
  const ref = physicalName(resource);
  return {
    ref,
    attributes: { Id: ref, EventSourceMappingArn: arn(resource, `event-source-mapping:${ref}`) },
  };
}

function functionName(resource: Unidentified): string {
  const given = String(resource.property('FunctionName'));
  return parseFunctionReference(given)?.name ?? given;
}
