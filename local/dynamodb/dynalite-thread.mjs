// Runs dynalite in a thread of its own: it throws from callbacks what it does not expect, and that must not take the
// other services down with it.
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';

const server = dynalite({ path: workerData.path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
// Its only client keeps connections open and would meet one that is just closing.
server.keepAliveTimeout = 0;
server.listen(workerData.socketPath, () => parentPort.postMessage('listening'));
parentPort.on('message', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
