import type { Template } from 'aws-cdk-lib/assertions';

/** A resource of a template, as JSON. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export function resourcesOf(template: Template, type: string): readonly TemplateResource[] {
  return Object.entries(template.findResources(type)).map(([logicalId, resource]) => ({
    logicalId,
    ...({ Properties: {}, ...resource } as Omit<TemplateResource, 'logicalId'>),
  }));
}

/** The only resource of a type. */
export function only(template: Template, type: string): TemplateResource {
  const found = resourcesOf(template, type);
  const [one] = found;
  if (one === undefined || found.length > 1) throw new Error(`the template has ${found.length} of ${type}`);
  return one;
}

/** The function whose description says what it is for. */
export function functionNamed(template: Template, name: string): TemplateResource {
  const found = resourcesOf(template, 'AWS::Lambda::Function').find(({ logicalId }) =>
    logicalId.startsWith(`Functions${name.replaceAll('-', '')}Function`),
  );
  if (found === undefined) throw new Error(`the template has no function ${name}`);
  return found;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
  readonly Principal?: unknown;
}

/** Every statement that a role has, inline or by a policy that is attached to it. */
export function statementsOf(template: Template, roleId: string): readonly Statement[] {
  const role = resourcesOf(template, 'AWS::IAM::Role').find(({ logicalId }) => logicalId === roleId);
  const inline = (role?.Properties.Policies ?? []) as readonly {
    readonly PolicyDocument: { readonly Statement: readonly Statement[] };
  }[];
  const attached = resourcesOf(template, 'AWS::IAM::Policy')
    .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(`"${roleId}"`))
    .map(({ Properties }) => Properties.PolicyDocument as { readonly Statement: readonly Statement[] });
  return [...inline.map(({ PolicyDocument }) => PolicyDocument), ...attached].flatMap(
    ({ Statement: statements }) => statements,
  );
}

/** The role of a function. */
export function roleOf(fn: TemplateResource): string {
  return (fn.Properties.Role as { readonly 'Fn::GetAtt': readonly [string, string] })['Fn::GetAtt'][0];
}

/** The actions of statements, each once, in order. */
export function actionsOf(statements: readonly Statement[]): readonly string[] {
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

/** A value of a template as text, with references by their logical ids: for looking at joined strings. */
export function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(flat).join('');
  if (typeof value !== 'object' || value === null) return String(value);
  const { Ref, 'Fn::Join': join, 'Fn::GetAtt': attribute, 'Fn::Sub': sub } = value as Record<string, unknown>;
  if (Ref !== undefined) return `{${String(Ref)}}`;
  if (Array.isArray(join)) return (join[1] as readonly unknown[]).map(flat).join(String(join[0]));
  if (Array.isArray(attribute)) return `{${attribute.join('.')}}`;
  if (sub !== undefined) return String(sub);
  return JSON.stringify(value);
}
