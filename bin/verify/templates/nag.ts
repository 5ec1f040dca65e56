import { type App, Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Finding } from '../report/findings.ts';

/**
 * Runs cdk-nag's AwsSolutions rules over every construct of an app that has been synthesized. What a construct
 * acknowledges, with its reason, is left out; whatever is left fails the verification.
 */
export function nag(app: App): readonly Finding[] {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.flatMap(({ ruleName, description, severity, violatingResources }) =>
    violatingResources.map(({ constructPath = '' }) => ({
      template: templateOf(app, constructPath),
      rule: ruleName,
      level: severity === 'error' ? ('error' as const) : ('warning' as const),
      path: constructPath,
      message: description,
    })),
  );
}

/** A construct's path begins with its stack's id. */
function templateOf(app: App, constructPath: string): string {
  const [id = ''] = constructPath.split('/');
  const stack = app.node.tryFindChild(id);
  return Stack.isStack(stack) ? stack.templateFile : id;
}
