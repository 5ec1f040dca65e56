import { stableId } from '../template/physical-name.ts';
import type { Identity, ResourceSupport, Unidentified } from '../template/resource-types.ts';

/** An id as API Gateway makes them: lower-case letters and digits. */
function idOf(resource: Unidentified, length = 10): string {
  return stableId(`${resource.stack}/${resource.logicalId}`, length).toLowerCase();
}

/** `Ref` is an id, which an attribute of the given name repeats. */
const identified =
  (attribute: string, length?: number) =>
  (resource: Unidentified): Identity => {
    const ref = idOf(resource, length);
    return { ref, attributes: { [attribute]: ref } };
  };

function emulated(identify: (resource: Unidentified) => Identity): ResourceSupport {
  return { support: 'emulated', identify };
}

function inert(note: string): ResourceSupport {
  return { support: 'inert', note, identify: identified('Id') };
}

function restApi(resource: Unidentified): Identity {
  const ref = idOf(resource);
  return { ref, attributes: { RestApiId: ref, RootResourceId: `${idOf(resource, 9)}0` } };
}

function model(resource: Unidentified): Identity {
  const name = resource.property('Name');
  return { ref: typeof name === 'string' ? name : idOf(resource) };
}

function stage(resource: Unidentified): Identity {
  return { ref: String(resource.property('StageName') ?? idOf(resource, 6)) };
}

/** The CloudFormation types of API Gateway REST APIs, and what `Ref` and `Fn::GetAtt` answer for them. */
export const resourceTypes: Readonly<Record<string, ResourceSupport>> = {
  'AWS::ApiGateway::RestApi': emulated(restApi),
  'AWS::ApiGateway::Resource': emulated(identified('ResourceId', 6)),
  'AWS::ApiGateway::Method': emulated(identified('Id')),
  'AWS::ApiGateway::Deployment': emulated(identified('DeploymentId', 6)),
  'AWS::ApiGateway::Stage': emulated(stage),
  'AWS::ApiGateway::ApiKey': emulated(identified('APIKeyId')),
  'AWS::ApiGateway::UsagePlan': emulated(identified('Id', 6)),
  'AWS::ApiGateway::UsagePlanKey': emulated(identified('Id')),
  'AWS::ApiGateway::RequestValidator': emulated(identified('RequestValidatorId', 6)),
  'AWS::ApiGateway::Model': emulated(model),
  'AWS::ApiGateway::GatewayResponse': emulated(identified('Id')),
  'AWS::ApiGateway::Account': inert(''),
  'AWS::ApiGateway::Authorizer': emulated(identified('AuthorizerId', 6)),
  'AWS::ApiGateway::DocumentationPart': inert(''),
  'AWS::ApiGateway::DocumentationVersion': inert(''),
};
