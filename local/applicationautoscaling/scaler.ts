import type { MinuteMetric } from '../cloudwatch/minute-value.ts';
import type { Capacity } from '../core/plugin/capacity.ts';
import { Cooldown } from './cooldown.ts';
import type { Policy, ScalableTarget } from './policy.ts';
import { takeStep } from './step-scaling.ts';
import { TARGET_TRACKING_MINUTES, trackTarget } from './target-tracking.ts';

const MINUTE_MS = 60_000;

/** What a metric was in the minute that begins at a time; undefined where nothing was measured. */
export type ReadMinute = (metric: MinuteMetric, minute: number) => number | undefined;

/** A change of capacity and what asked for it. */
export interface ScalingActivity {
  readonly from: number;
  readonly to: number;
  readonly cause: string;
}

/** A policy with what it remembers. */
interface Running {
  readonly policy: Policy;
  readonly cooldown: Cooldown;
  /** The metric of the last minutes, the newest last. */
  minutes: (number | undefined)[];
}

/** A wish of one policy. */
interface Wish {
  readonly running: Running;
  readonly capacity: number;
}

/** Scales one target, minute by minute. It knows no clock: whoever drives it says which minute is over. */
export class Scaler {
  readonly target: ScalableTarget;
  readonly #capacity: Capacity;
  readonly #read: ReadMinute;
  readonly #running: readonly Running[];
  #min: number;
  #max: number;

  constructor(target: ScalableTarget, capacity: Capacity, read: ReadMinute) {
    this.target = target;
    this.#capacity = capacity;
    this.#read = read;
    this.#running = target.policies.map((policy) => ({ policy, cooldown: new Cooldown(), minutes: [] }));
    this.#min = target.min;
    this.#max = target.max;
  }

  /** Registers the target: its capacity is brought between the bounds. */
  register(): readonly ScalingActivity[] {
    return this.#toBounds('its bounds');
  }

  /** Does what is due when a minute is over. @param minute when it began, in milliseconds since the epoch */
  endOfMinute(minute: number): readonly ScalingActivity[] {
    this.#capacity.endMinute?.(minute);
    const now = minute + MINUTE_MS;
    return [...this.#scheduled(now), ...this.#byPolicies(minute, now)];
  }

  #scheduled(now: number): readonly ScalingActivity[] {
    const due = this.target.scheduledActions.filter(({ schedule }) => schedule(now));
    return due.flatMap(({ name, min, max }) => {
      this.#min = min ?? this.#min;
      this.#max = max ?? this.#max;
      return this.#toBounds(`the schedule ${name}`);
    });
  }

  #byPolicies(minute: number, now: number): readonly ScalingActivity[] {
    for (const running of this.#running) {
      const { policy } = running;
      const length = policy.kind === 'step' ? policy.alarm.minutes : TARGET_TRACKING_MINUTES;
      running.minutes = [...running.minutes, this.#read(policy.metric, minute)].slice(-length);
    }
    const current = this.#capacity.current;
    const wishes = this.#running.flatMap((running) => this.#wish(running, now, current));
    const out = largest(wishes.filter(({ capacity }) => capacity > current));
    if (out !== undefined) return this.#scaleOut(out, now, current);
    const inwards = wishes.filter(({ capacity }) => capacity < current);
    const into = largest(this.#trackersAgree(inwards) ? inwards : inwards.filter(isStep));
    return into === undefined ? [] : this.#scaleIn(into, now);
  }

  #wish(running: Running, now: number, current: number): Wish[] {
    const { policy, cooldown, minutes } = running;
    const serving = cooldown.serving(now, current);
    const capacity =
      policy.kind === 'step'
        ? takeStep(policy, minutes, current, serving)
        : trackTarget(policy, minutes, current, serving);
    if (capacity === undefined || (capacity < current && cooldown.blocksScaleIn(now))) return [];
    return [{ running, capacity }];
  }

  /** Target tracking takes capacity away only where every such policy that does so at all is ready to. */
  #trackersAgree(inwards: readonly Wish[]): boolean {
    return this.#running
      .filter(({ policy }) => policy.kind === 'target-tracking' && policy.scalesIn)
      .every((running) => inwards.some((wish) => wish.running === running));
  }

  #scaleOut({ running, capacity }: Wish, now: number, current: number): readonly ScalingActivity[] {
    const { policy, cooldown } = running;
    const activities = this.#change(capacity, `the policy ${policy.name}`);
    if (activities.length === 0) return [];
    for (const one of this.#running) one.cooldown.allowScaleIn();
    cooldown.scaledOut(now, policy.kind === 'step' ? policy.cooldownMs : policy.scaleOutCooldownMs, current);
    return activities;
  }

  #scaleIn({ running, capacity }: Wish, now: number): readonly ScalingActivity[] {
    const { policy, cooldown } = running;
    const activities = this.#change(capacity, `the policy ${policy.name}`);
    if (activities.length > 0)
      cooldown.scaledIn(now, policy.kind === 'step' ? policy.cooldownMs : policy.scaleInCooldownMs);
    return activities;
  }

  #toBounds(cause: string): readonly ScalingActivity[] {
    return this.#change(this.#capacity.current, cause);
  }

  #change(wanted: number, cause: string): readonly ScalingActivity[] {
    const from = this.#capacity.current;
    const to = Math.min(Math.max(wanted, this.#min), this.#max);
    if (to === from) return [];
    this.#capacity.change(to);
    return [{ from, to, cause }];
  }
}

function isStep({ running }: Wish): boolean {
  return running.policy.kind === 'step';
}

/** Where policies disagree, the one that leaves the most capacity wins. */
function largest(wishes: readonly Wish[]): Wish | undefined {
  return wishes.reduce<Wish | undefined>(
    (best, wish) => (best === undefined || wish.capacity > best.capacity ? wish : best),
    undefined,
  );
}
