import {
  type Alarm,
  AlarmStatusWidget,
  Color,
  Dashboard,
  GraphWidget,
  type IWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ALARM_KINDS, type AlarmDeclaration, type AlarmKind } from '../catalogue/alarm-declaration.ts';
import { signalMetric } from './cloudwatch-alarm.ts';

export interface DashboardProps {
  readonly name: string;
  readonly title: string;
  readonly alarms: readonly { readonly declaration: AlarmDeclaration; readonly alarm: Alarm }[];
  /** The page for one kind of alarm. */
  readonly runbookUrl: (kind: AlarmKind) => string;
}

/** A dashboard is 24 units wide. */
const FULL_WIDTH = 24;
const GRAPH_WIDTH = 8;

/** The state of all alarms, and below it every signal with the threshold it is held to. */
export function modelDashboard(scope: Construct, id: string, props: DashboardProps): Dashboard {
  const dashboard = new Dashboard(scope, id, {
    dashboardName: props.name,
    defaultInterval: Duration.hours(3),
  });
  dashboard.addWidgets(
    new TextWidget({ markdown: `# ${props.title}\n${runbookLinks(props)}`, width: FULL_WIDTH, height: 3 }),
  );
  dashboard.addWidgets(
    new AlarmStatusWidget({
      title: 'Alarms',
      alarms: props.alarms.map(({ alarm }) => alarm),
      width: FULL_WIDTH,
      height: 4,
    }),
  );
  const graphs = kindsOf(props).map((kind) => graph(kind, props));
  for (let start = 0; start < graphs.length; start += FULL_WIDTH / GRAPH_WIDTH) {
    dashboard.addWidgets(...graphs.slice(start, start + FULL_WIDTH / GRAPH_WIDTH));
  }
  return dashboard;
}

function graph(kind: AlarmKind, { alarms }: DashboardProps): IWidget {
  const declarations = alarms.map(({ declaration }) => declaration).filter((one) => one.kind === kind);
  const thresholds = [...new Set(declarations.map(({ threshold }) => threshold))];
  return new GraphWidget({
    title: kind,
    left: declarations.map(({ signal, title }) => signalMetric(signal, title)),
    leftAnnotations: thresholds.map((value) => ({ value, color: Color.RED, label: 'alarm above' })),
    leftYAxis: { min: 0 },
    width: GRAPH_WIDTH,
    height: 6,
  });
}

function kindsOf({ alarms }: DashboardProps): readonly AlarmKind[] {
  return ALARM_KINDS.filter((kind) => alarms.some(({ declaration }) => declaration.kind === kind));
}

function runbookLinks(props: DashboardProps): string {
  const links = kindsOf(props).map((kind) => `[${kind}](${props.runbookUrl(kind)})`);
  return `Runbooks: ${links.join(', ')}`;
}
