import type { JsonSchema } from 'aws-cdk-lib/aws-apigateway';
import { z } from 'zod';
import { feedbackEnvelope, predictionsEnvelope } from '../../contract/requests.ts';
import type { Operation } from '../../contract/routes.ts';

/** What a field holds in detail. The gateway can't say which field was wrong, or what to send instead; the function can. */
const FIELD_KEYWORDS = ['pattern', 'format', 'minLength', 'maxLength'] as const;

/**
 * The outer form of each operation's body, for the gateway to check before a function is started: an object, with
 * objects and lists where they belong. Whatever is about a field of the model, its spelling or its value is left to the
 * function, whose answer names path, code and remedy.
 */
export const REQUEST_SCHEMAS: Readonly<Partial<Record<Operation, JsonSchema>>> = {
  predict: {
    ...outerForm(predictionsEnvelope),
    oneOf: [{ required: ['input'] }, { required: ['inputs'] }],
  },
  feedback: outerForm(feedbackEnvelope),
};

/** API Gateway's models are JSON Schema draft 4. */
function outerForm(envelope: z.ZodObject): JsonSchema {
  const { additionalProperties: _, ...schema } = z.toJSONSchema(envelope, {
    target: 'draft-4',
    io: 'input',
    override: ({ jsonSchema }) => {
      for (const keyword of FIELD_KEYWORDS) delete jsonSchema[keyword];
    },
  });
  // The CDK types keywords by its own enums, whose values are the words of JSON Schema.
  return schema as JsonSchema;
}
