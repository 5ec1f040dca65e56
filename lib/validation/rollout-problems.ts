import type {
  AsynchronousHosting,
  DeploymentSettings,
  RealtimeHosting,
} from '../../contract/deployment/deployment.ts';
import { FEWEST_FOR_A_PART, shiftMinutes } from '../../contract/deployment/rollout.ts';
import { AWS_LIMITS } from '../../contract/limits/aws-limits.ts';
import { rolloutTimeoutSeconds } from '../hosting/deployment-config.ts';

const LONGEST_BAKE_MINUTES = AWS_LIMITS.rolloutWaitSeconds.value / 60;
const LONGEST_ROLLOUT_MINUTES = AWS_LIMITS.rolloutSeconds.value / 60;

/** What SageMaker would refuse of a rollout: each with what was declared and what to do. */
export function rolloutProblems({ hosting, rollout }: DeploymentSettings): string[] {
  if (hosting.mode !== 'realtime' && hosting.mode !== 'asynchronous') return [];
  const problems: string[] = [];
  if (rollout.bakeMinutes > LONGEST_BAKE_MINUTES) {
    problems.push(
      `rollout.bakeMinutes is ${rollout.bakeMinutes}, and SageMaker waits for at most ${LONGEST_BAKE_MINUTES} minutes. Declare less.`,
    );
  }
  const minutes = rolloutTimeoutSeconds(rollout) / 60;
  if (minutes > LONGEST_ROLLOUT_MINUTES) {
    problems.push(
      `rollout "${rollout.strategy}" would take up to ${minutes} minutes with its bakes and an hour for starting instances, and SageMaker gives a deployment at most ${LONGEST_ROLLOUT_MINUTES}. Declare larger steps or a shorter rollout.bakeMinutes.`,
    );
  }
  const fewest = fewestInstances(hosting);
  if (rollout.strategy !== 'all-at-once' && fewest < FEWEST_FOR_A_PART) {
    problems.push(
      `rollout "${rollout.strategy}" starts with a part of the instances, at most half of them, and there may be only ${fewest}. Declare a least of ${FEWEST_FOR_A_PART} instances, or rollout: { strategy: 'all-at-once' }.`,
    );
  }
  return problems;
}

/** What CodeDeploy would refuse of the shift of predictions from one version of their function to the next. */
export function functionRolloutProblems({ rollout }: DeploymentSettings): string[] {
  const minutes = shiftMinutes(rollout);
  const most = AWS_LIMITS.functionShiftMinutes.value;
  if (minutes <= most) return [];
  return [
    `rollout "${rollout.strategy}" would shift predictions for ${minutes} minutes, and CodeDeploy takes at most ${most} for a function. Declare larger steps or a shorter rollout.bakeMinutes.`,
  ];
}

/** A queue that may go to zero still gets an instance for as long as it is being updated. */
function fewestInstances(hosting: RealtimeHosting | AsynchronousHosting): number {
  if (hosting.mode === 'asynchronous') return Math.max(1, hosting.instances.min);
  return Math.min(hosting.instances.min, ...hosting.schedules.map(({ min }) => min));
}
