/**
 * What a body of JSON holds.
 * @throws {Error} without the text, which JSON's own errors quote: it holds predictions
 */
export function parseJsonBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`the body is not JSON (${Buffer.byteLength(body)} bytes)`);
  }
}
