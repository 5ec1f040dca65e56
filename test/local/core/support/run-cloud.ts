import { systemClock } from '../../../../local/clock/system-clock.ts';
import { MemoryMetricStore } from '../../../../local/cloudwatch/metric-store.ts';
import { createCloud } from '../../../../local/core/cloud.ts';
import { dynamodbPlugin } from '../../../../local/dynamodb/plugin.ts';
import { sagemakerPlugin } from '../../../../local/sagemaker/plugin.ts';
import { sqsPlugin } from '../../../../local/sqs/plugin.ts';

// A cloud in a process of its own, for tests that kill it: arguments are the assembly and the data directory.
const [assemblyDir = '', dataDir = ''] = process.argv.slice(2);
const { frontDoorUrl } = await createCloud({
  assemblyDir,
  dataDir,
  metrics: new MemoryMetricStore(systemClock),
  plugins: [dynamodbPlugin, sqsPlugin, sagemakerPlugin],
});
process.stdout.write(`${frontDoorUrl}\n`);
