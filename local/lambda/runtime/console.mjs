import { format, inspect } from 'node:util';

const LEVELS = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' };

/**
 * Makes `console` write as in the managed Node.js runtime: in the text format one line with the time, the request
 * id and the level, tab-separated; in the JSON format one object with the same.
 * @param currentRequestId answers the request id, or undefined during init
 */
export function patchConsole(currentRequestId) {
  const line = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON' ? jsonLine : textLine;
  for (const [method, level] of Object.entries(LEVELS)) {
    console[method] = (...values) => {
      process.stdout.write(line(new Date().toISOString(), currentRequestId(), level, values));
    };
  }
}

/** Line feeds become carriage returns, which keeps a message one log event. */
function textLine(time, requestId, level, values) {
  return `${time}\t${requestId ?? 'undefined'}\t${level}\t${format(...values).replace(/\n/g, '\r')}\n`;
}

function jsonLine(timestamp, requestId, level, values) {
  const [first] = values;
  const message = values.length === 1 && isPlain(first) ? first : format(...values);
  const record = { timestamp, level, requestId, message };
  const error = values.find((value) => value instanceof Error);
  if (error !== undefined) {
    Object.assign(record, {
      errorType: error.name,
      errorMessage: error.message,
      stackTrace: error.stack?.split('\n') ?? [],
    });
  }
  try {
    return `${JSON.stringify(record)}\n`;
  } catch {
    return `${JSON.stringify({ ...record, message: inspect(first) })}\n`;
  }
}

function isPlain(value) {
  return typeof value === 'object' && value !== null && !(value instanceof Error);
}
