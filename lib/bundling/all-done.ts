/**
 * Every result, as `Promise.all` gives them, or the first error; either once nothing is at work any more, so that the folder
 * that it writes to can be removed.
 */
export async function allDone<const T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
