import {
  type IResource,
  type MethodOptions,
  MockIntegration,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import { allowedMethods } from '../../contract/api/routes.ts';
import { PROBLEM_CONTENT_TYPE, PROBLEMS, problemDocument } from '../../contract/problems/problems.ts';
import { GATEWAY_REQUEST_ID } from './gateway-problems.ts';

const STATUS = String(PROBLEMS['method-not-allowed'].status);

const MOCK_STATUS = JSON.stringify({ statusCode: Number(STATUS) });

/** What a client may send along with a wrong method. A mock has to know a body's type, or it refuses the request. */
const BODY_TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'application/xml',
  'multipart/form-data',
  'text/csv',
  'text/plain',
] as const;

/**
 * Answers the methods that a resource does not have. Without it API Gateway answers them as if the path did not exist.
 * `path` is the resource's, in the spelling of the route table.
 */
export function addMethodNotAllowed(resource: IResource, path: string, options: MethodOptions): void {
  const allow = allowedMethods(path).join(', ');
  const document = problemDocument('method-not-allowed', `Use ${allow} here.`, GATEWAY_REQUEST_ID);
  const header = (name: string) => `method.response.header.${name}`;
  resource.addMethod(
    'ANY',
    new MockIntegration({
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestTemplates: Object.fromEntries(BODY_TYPES.map((type) => [type, MOCK_STATUS])),
      integrationResponses: [
        {
          statusCode: STATUS,
          responseParameters: {
            [header('Allow')]: `'${allow}'`,
            [header('Content-Type')]: `'${PROBLEM_CONTENT_TYPE}'`,
          },
          responseTemplates: { 'application/json': JSON.stringify(document) },
        },
      ],
    }),
    {
      ...options,
      methodResponses: [
        {
          statusCode: STATUS,
          responseParameters: { [header('Allow')]: true, [header('Content-Type')]: true },
        },
      ],
    },
  );
}
