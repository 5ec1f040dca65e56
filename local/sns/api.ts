import type { AwsApi, AwsRequest, AwsResponse } from '../core/wire/aws-api.ts';
import { AwsError } from '../core/wire/aws-error.ts';
import { escapeXml, xmlError } from '../core/wire/wire-errors.ts';
import type { SnsService } from './service.ts';

/** Bytes of a message (SNS quotas). */
const MESSAGE_LIMIT = 256 * 1024;

/** Parameters of Publish that would change what is delivered. */
const UNSUPPORTED = /^(MessageAttributes|MessageStructure|PhoneNumber|TargetArn|MessageGroupId)/;

/** What SNS calls the front door's refusal. */
const CODES: Readonly<Record<string, string>> = { AccessDeniedException: 'AuthorizationError' };

/** The SNS API, as far as it is emulated: publishing to the topics of the templates. */
export function createApi(topics: ReadonlySet<string>, service: SnsService): AwsApi {
  return {
    signingName: 'sns',
    deniedStatus: 403,
    operation: (request) => {
      const action = form(request).get('Action');
      return action === 'Publish' || action === 'ListTopics' ? action : undefined;
    },
    permissions: (request) => {
      const parameters = form(request);
      const resource = parameters.get('TopicArn') ?? '*';
      return [{ action: `sns:${parameters.get('Action')}`, resource }];
    },
    handle: async (request) => {
      const parameters = form(request);
      if (parameters.get('Action') === 'ListTopics') {
        const members = [...topics].map((arn) => `<member><TopicArn>${escapeXml(arn)}</TopicArn></member>`);
        return answer(request, 'ListTopics', `<Topics>${members.join('')}</Topics>`);
      }
      const id = await publish(parameters, topics, service);
      return answer(request, 'Publish', `<MessageId>${id}</MessageId>`);
    },
    error: (status, code, message) => xmlError(status, CODES[code] ?? code, message, 'query'),
  };
}

async function publish(
  parameters: URLSearchParams,
  topics: ReadonlySet<string>,
  service: SnsService,
): Promise<string> {
  const unsupported = [...parameters.keys()].find((name) => UNSUPPORTED.test(name));
  if (unsupported !== undefined)
    throw new AwsError(501, 'NotImplemented', `The local cloud does not emulate ${unsupported} of Publish.`);
  const topicArn = parameters.get('TopicArn') ?? '';
  if (!topics.has(topicArn)) throw new AwsError(404, 'NotFound', 'Topic does not exist');
  const message = parameters.get('Message') ?? '';
  if (message === '') throw new AwsError(400, 'InvalidParameter', 'Invalid parameter: Empty message');
  if (Buffer.byteLength(message) > MESSAGE_LIMIT)
    throw new AwsError(400, 'InvalidParameter', 'Invalid parameter: Message too long');
  return service.publish(topicArn, message, parameters.get('Subject') ?? undefined);
}

function form({ body }: AwsRequest): URLSearchParams {
  return new URLSearchParams(body.toString('utf8'));
}

function answer({ requestId }: AwsRequest, operation: string, result: string): AwsResponse {
  const body =
    `<${operation}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${operation}Result>${result}` +
    `</${operation}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}
