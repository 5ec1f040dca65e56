import { z } from 'zod';
import { matchesArn } from '../core/iam/arn.ts';
import type { LocalResource } from '../template/resource-types.ts';

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const statementSchema = z.looseObject({
  Effect: z.string(),
  Action: oneOrMore,
  Principal: z.union([
    z.string(),
    z.looseObject({ Service: oneOrMore.optional(), AWS: oneOrMore.optional() }),
  ]),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).default({}),
});

const policySchema = z.looseObject({
  Queues: z.array(z.string()),
  PolicyDocument: z.looseObject({ Statement: z.array(statementSchema) }),
});

type Statement = z.infer<typeof statementSchema>;

const SOURCE_CONDITIONS: readonly string[] = ['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike'];

/**
 * Whether a queue's policy lets a topic send to it, which SNS needs: a message that it refuses is lost on AWS too.
 * @param queueUrl as the policies name their queues
 */
export function mayReceive(policies: readonly LocalResource[], queueUrl: string, topicArn: string): boolean {
  return policies
    .map(({ properties }) => policySchema.parse(properties))
    .filter(({ Queues }) => Queues.includes(queueUrl))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .some((statement) => allows(statement, topicArn));
}

function allows({ Effect, Action, Principal, Condition }: Statement, topicArn: string): boolean {
  const sends = Action.some((action) => ['sqs:SendMessage', 'sqs:*', '*'].includes(action));
  const services = typeof Principal === 'string' ? [Principal] : [Principal.Service, Principal.AWS].flat();
  const forSns = services.some((service) => service === 'sns.amazonaws.com' || service === '*');
  return Effect === 'Allow' && sends && forSns && Object.entries(Condition).every(holdsFor(topicArn));
}

/** A condition about anything but the source can't be known to hold. */
function holdsFor(topicArn: string): (condition: [string, Readonly<Record<string, string[]>>]) => boolean {
  return ([operator, keys]) =>
    SOURCE_CONDITIONS.includes(operator) &&
    Object.entries(keys).every(
      ([key, values]) =>
        key.toLowerCase() === 'aws:sourcearn' && values.some((pattern) => matchesArn(pattern, topicArn)),
    );
}
