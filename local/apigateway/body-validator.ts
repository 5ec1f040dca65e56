import Ajv, { type ValidateFunction } from 'ajv-draft-04';
import { GatewayError } from './gateway-error.ts';
import { describeErrors } from './validation-wording.ts';

/**
 * Checks a request body against the model for its content type.
 * @throws {GatewayError} BAD_REQUEST_BODY
 */
export type BodyValidator = (body: Buffer, contentType: string | undefined) => void;

/** Models that every API has, both of which accept any JSON (docs: "Data models", Empty and Error). */
const BUILT_IN: readonly string[] = ['Empty', 'Error'];

/** API Gateway checks no formats, and takes any JSON number for a number, however large. */
const LENIENCY = { strict: false, strictNumbers: false, validateFormats: false };
const OPTIONS = { allErrors: true, verbose: true, ...LENIENCY };

/**
 * Knows what a schema has to look like. One for all APIs and deployments, as learning it takes longer than checking their
 * models; and learnt while this is loaded, which is while the app is synthesized.
 */
const metaschema = new Ajv.default(OPTIONS);
metaschema.validateSchema({});

/** The models of one API (AWS::ApiGateway::Model), JSON Schema draft 4. */
export class Models {
  readonly #ajv: InstanceType<typeof Ajv.default>;
  readonly #names: ReadonlySet<string>;
  readonly #apiId: string;

  /**
   * @param apiId models refer to one another by URLs that hold it
   * @throws {Error} where a schema is not JSON Schema draft 4, naming its model
   */
  constructor(apiId: string, schemas: ReadonlyMap<string, object>) {
    this.#apiId = apiId;
    this.#names = new Set(schemas.keys());
    this.#ajv = new Ajv.default({ ...OPTIONS, validateSchema: false });
    for (const [name, schema] of schemas) {
      namingModel(name, () => {
        metaschema.validateSchema(schema, true);
        this.#ajv.addSchema(schema, modelUrl(apiId, name));
      });
    }
  }

  /**
   * The validator of a method.
   * @param models names of models by content type
   * @throws {Error} where a model does not exist, or refers to one that does not
   */
  validator(models: Readonly<Record<string, string>>): BodyValidator {
    const validators = new Map<string, ValidateFunction>();
    for (const [contentType, name] of Object.entries(models)) {
      validators.set(contentType.toLowerCase(), this.#compile(name));
    }
    return (body, contentType) => {
      const validate = validators.get(mediaType(contentType)) ?? validators.get('$default');
      if (validate !== undefined) check(validate, body);
    };
  }

  #compile(name: string): ValidateFunction {
    const url = this.#names.has(name) ? modelUrl(this.#apiId, name) : undefined;
    const compiled = url === undefined ? undefined : namingModel(name, () => this.#ajv.getSchema(url));
    if (compiled !== undefined) return compiled as ValidateFunction;
    if (BUILT_IN.includes(name)) return this.#ajv.compile({});
    throw new Error(`the API has no model ${name}`);
  }
}

function namingModel<T>(name: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Error(`the model ${name} is not valid JSON Schema draft 4: ${(error as Error).message}`);
  }
}

function check(validate: ValidateFunction, body: Buffer): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw new GatewayError('BAD_REQUEST_BODY', { validationErrors: '[Unable to parse request body]' });
  }
  if (validate(parsed)) return;
  throw new GatewayError('BAD_REQUEST_BODY', { validationErrors: describeErrors(validate.errors ?? []) });
}

/** API Gateway takes a request without a content type for JSON. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
}

function modelUrl(apiId: string, name: string): string {
  return `https://apigateway.amazonaws.com/restapis/${apiId}/models/${name}`;
}
