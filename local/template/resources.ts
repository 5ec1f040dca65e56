import type { Assembly } from './assembly.ts';
import { type Place, TemplateError, templateError } from './errors.ts';
import { evaluate, NO_VALUE, type Scope } from './intrinsics.ts';
import type { Stack, TemplateResource } from './model.ts';
import { parameterValue, pseudoParameter } from './parameters.ts';
import { physicalName } from './physical-name.ts';
import type { Identity, LocalResource, ResourceSupport, Unidentified } from './resource-types.ts';

/** A resource of a template before any of its properties is evaluated. */
export interface DeclaredResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly path: string;
  readonly type: string;
}

interface Declared extends DeclaredResource {
  readonly owner: Stack;
  readonly raw: TemplateResource;
}

/**
 * The resources of an assembly, their expressions evaluated on demand over all stacks.
 * A type without an entry in `supports` still gets a name and attributes, so that whatever refers to it evaluates.
 */
export class Resources {
  readonly #declared = new Map<string, Declared>();
  readonly #identities = new Map<string, Identity>();
  readonly #evaluated = new Map<string, LocalResource>();
  readonly #conditions = new Map<string, boolean>();
  readonly #exports = new Map<
    string,
    { readonly stack: Stack; readonly output: string; readonly value: unknown }
  >();
  /** What is being evaluated right now, outermost first: meeting one of them again is a cycle. */
  readonly #active: string[] = [];
  readonly #supports: Readonly<Record<string, ResourceSupport>>;
  readonly #frontDoorUrl: string;

  /** @throws {TemplateError} where a condition or an export name can't be evaluated */
  constructor(assembly: Assembly, supports: Readonly<Record<string, ResourceSupport>>, frontDoorUrl: string) {
    this.#supports = supports;
    this.#frontDoorUrl = frontDoorUrl;
    for (const stack of assembly.stacks) this.#declare(stack);
    for (const stack of assembly.stacks) this.#exportsOf(stack);
  }

  /** Every resource whose condition holds. */
  declared(): readonly DeclaredResource[] {
    return [...this.#declared.values()].map(({ stack, logicalId, path, type }) => ({
      stack,
      logicalId,
      path,
      type,
    }));
  }

  /** The resources of one type, evaluated. */
  ofType(type: string): readonly LocalResource[] {
    return [...this.#declared.entries()]
      .filter(([, one]) => one.type === type)
      .map(([key]) => this.#resource(key));
  }

  /** What `Ref` and `Fn::GetAtt` answer for a resource. */
  identity(stack: string, logicalId: string): Identity {
    const key = keyOf(stack, logicalId);
    const declared = this.#declared.get(key);
    if (declared === undefined) throw new TemplateError(`${stack} has no resource ${logicalId}`);
    return this.#identityOf(key, declared, { stack, within: logicalId, path: [] });
  }

  #declare(stack: Stack): void {
    for (const [logicalId, raw] of Object.entries(stack.template.Resources)) {
      const place: Place = { stack: stack.name, within: logicalId, path: ['Condition'] };
      if (raw.Condition !== undefined && !this.#condition(stack, raw.Condition, place)) continue;
      const fromTemplate = raw.Metadata['aws:cdk:path'];
      const path = typeof fromTemplate === 'string' ? fromTemplate : stack.paths.get(logicalId);
      const key = keyOf(stack.name, logicalId);
      this.#declared.set(key, {
        stack: stack.name,
        logicalId,
        path: path ?? `${stack.name}/${logicalId}`,
        type: raw.Type,
        owner: stack,
        raw,
      });
    }
  }

  #exportsOf(stack: Stack): void {
    for (const [output, declaration] of Object.entries(stack.template.Outputs)) {
      if (declaration.Export === undefined) continue;
      const place: Place = { stack: stack.name, within: `Outputs.${output}`, path: [] };
      if (declaration.Condition !== undefined && !this.#condition(stack, declaration.Condition, place))
        continue;
      const name = evaluate(declaration.Export.Name, place, this.#scope(stack));
      if (typeof name !== 'string')
        throw templateError(place, declaration.Export.Name, 'an export needs a name');
      const taken = this.#exports.get(name);
      if (taken !== undefined) {
        throw templateError(
          place,
          name,
          `${taken.stack.name} (Outputs.${taken.output}) exports the same name`,
        );
      }
      this.#exports.set(name, { stack, output, value: declaration.Value });
    }
  }

  #resource(key: string): LocalResource {
    const known = this.#evaluated.get(key);
    if (known !== undefined) return known;
    const declared = this.#declared.get(key);
    if (declared === undefined) throw new TemplateError(`there is no resource ${key}`);
    const place: Place = { stack: declared.stack, within: declared.logicalId, path: [] };
    const identity = this.#identityOf(key, declared, place);
    const { stack, logicalId, path, type, raw } = declared;
    const scope = this.#scope(declared.owner);
    const resource: LocalResource = {
      stack,
      logicalId,
      path,
      type,
      properties: evaluate(raw.Properties, place, scope) as Record<string, unknown>,
      metadata: raw.Metadata,
      ref: identity.ref,
      attributes: identity.attributes ?? {},
    };
    this.#evaluated.set(key, resource);
    return resource;
  }

  #identityOf(key: string, declared: Declared, place: Place): Identity {
    const known = this.#identities.get(key);
    if (known !== undefined) return known;
    return this.#guarded(`the name of ${key}`, place, () => {
      const support = this.#supports[declared.type];
      const identity = support?.identify(this.#unidentified(declared)) ?? { ref: physicalName(declared) };
      this.#identities.set(key, identity);
      return identity;
    });
  }

  #unidentified(declared: Declared): Unidentified {
    const { stack, logicalId, owner, raw } = declared;
    const scope = this.#scope(owner);
    return {
      stack,
      logicalId,
      region: owner.region,
      accountId: owner.accountId,
      frontDoorUrl: this.#frontDoorUrl,
      property: (name) => {
        const value = evaluate(raw.Properties[name], { stack, within: logicalId, path: [name] }, scope);
        return value === NO_VALUE ? undefined : value;
      },
    };
  }

  #scope(stack: Stack): Scope {
    return {
      region: stack.region,
      ref: (name, place) => this.#ref(stack, name, place),
      attribute: (logicalId, name, place) => this.#attribute(stack, logicalId, name, place),
      condition: (name, place) => this.#condition(stack, name, place),
      mapping: (map, top, second, place) => {
        const value = stack.template.Mappings[map]?.[top]?.[second];
        if (value === undefined)
          throw templateError(place, [map, top, second], 'Fn::FindInMap finds no such entry');
        return value;
      },
      importValue: (name, place) => {
        const found = this.#exports.get(name);
        if (found === undefined) throw templateError(place, name, 'no stack exports this name');
        return this.#guarded(`the export ${name}`, place, () =>
          evaluate(
            found.value,
            { stack: found.stack.name, within: `Outputs.${found.output}`, path: ['Value'] },
            this.#scope(found.stack),
          ),
        );
      },
    };
  }

  #ref(stack: Stack, name: string, place: Place): unknown {
    const pseudo = pseudoParameter(stack, name);
    if (pseudo !== undefined) return pseudo;
    const parameter = stack.template.Parameters[name];
    if (parameter !== undefined) {
      return parameterValue(name, parameter, place, (stored) => this.#stored(stored, place));
    }
    const key = keyOf(stack.name, name);
    const declared = this.#declared.get(key);
    if (declared === undefined)
      throw templateError(place, { Ref: name }, `${stack.name} declares nothing named ${name}`);
    return this.#identityOf(key, declared, place).ref;
  }

  /** What a template stores under a name in SSM; undefined where none does. */
  #stored(name: string, place: Place): unknown {
    const found = [...this.#declared.values()].find(
      (declared) =>
        declared.type === 'AWS::SSM::Parameter' && this.#unidentified(declared).property('Name') === name,
    );
    if (found === undefined) return undefined;
    return this.#guarded(`the parameter ${name}`, place, () => this.#unidentified(found).property('Value'));
  }

  #attribute(stack: Stack, logicalId: string, name: string, place: Place): string {
    const expression = { 'Fn::GetAtt': [logicalId, name] };
    const key = keyOf(stack.name, logicalId);
    const declared = this.#declared.get(key);
    if (declared === undefined)
      throw templateError(place, expression, `${stack.name} has no resource ${logicalId}`);
    const { ref, attributes } = this.#identityOf(key, declared, place);
    const value = attributes?.[name];
    if (value !== undefined) return value;
    if (this.#supports[declared.type]?.support === 'emulated') {
      throw templateError(place, expression, `the local cloud's ${declared.type} has no attribute ${name}`);
    }
    // Nothing behaves behind this name, so any stable value of the right form lets the rest evaluate.
    if (!name.endsWith('Arn')) return `${ref}-${name}`;
    const service = declared.type.split('::')[1]?.toLowerCase() ?? 'unknown';
    return `arn:aws:${service}:${stack.region}:${stack.accountId}:${ref}`;
  }

  #condition(stack: Stack, name: string, place: Place): boolean {
    const key = keyOf(stack.name, name);
    const known = this.#conditions.get(key);
    if (known !== undefined) return known;
    if (!(name in stack.template.Conditions))
      throw templateError(place, name, `${stack.name} has no such condition`);
    return this.#guarded(`the condition ${key}`, place, () => {
      const where: Place = { stack: stack.name, within: `Conditions.${name}`, path: [] };
      const value = evaluate(stack.template.Conditions[name], where, this.#scope(stack));
      if (typeof value !== 'boolean')
        throw templateError(where, stack.template.Conditions[name], 'not a condition');
      this.#conditions.set(key, value);
      return value;
    });
  }

  #guarded<T>(what: string, place: Place, compute: () => T): T {
    const first = this.#active.indexOf(what);
    if (first >= 0) {
      const circle = [...this.#active.slice(first), what].join(' needs ');
      throw templateError(place, what, `a cycle: ${circle}`);
    }
    this.#active.push(what);
    try {
      return compute();
    } finally {
      this.#active.pop();
    }
  }
}

function keyOf(stack: string, name: string): string {
  return `${stack}/${name}`;
}
