/** The value of a header, whatever the case in which it was sent. @param wanted in lower case */
export function headerOf(
  { headers }: { readonly headers: Readonly<Record<string, string | undefined>> },
  wanted: string,
): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
}
