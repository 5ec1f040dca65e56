import { Agent, request } from 'node:http';

/** The runtime's side of the Lambda runtime API at `host:port`. */
export function runtimeClient(authority) {
  const base = `http://${authority}/2018-06-01/runtime`;
  // A waiting `next` must not be cut off: the connection is kept and has no timeout.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  function send(method, path, body, headers = {}) {
    return new Promise((resolve, reject) => {
      const outgoing = request(`${base}${path}`, { method, agent, headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ headers: response.headers, text: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    }).catch(() => {
      // The local cloud is gone; there is nobody left to report to.
      process.exit(0);
    });
  }

  function sendError(path, error) {
    return send('POST', path, JSON.stringify(error), {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Function-Error-Type': encodeURIComponent(error.errorType),
    });
  }

  return {
    async next() {
      const { headers, text } = await send('GET', '/invocation/next');
      return { headers, event: JSON.parse(text) };
    },
    respond: (id, body) =>
      send('POST', `/invocation/${id}/response`, body, { 'Content-Type': 'application/json' }),
    invocationError: (id, error) => sendError(`/invocation/${id}/error`, error),
    initError: (error) => sendError('/init/error', error),
  };
}
