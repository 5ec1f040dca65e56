/**
 * A template and its assets as the CDK writes them.
 * @param functions the folder of each function's code, by the function's logical id
 */
export function assemblyFiles(
  stack: string,
  functions: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const folders = [...new Set(Object.values(functions))];
  return {
    [`${stack}.template.json`]: JSON.stringify({
      Resources: {
        Table: { Type: 'AWS::DynamoDB::Table', Properties: {} },
        ...Object.fromEntries(
          Object.entries(functions).map(([logicalId, folder]) => [
            logicalId,
            {
              Type: 'AWS::Lambda::Function',
              Properties: {
                Handler: 'index.handler',
                Code: { S3Bucket: 'assets', S3Key: `${folder}.zip` },
                Environment: { Variables: { MODEL_NAME: stack, TABLE: { Ref: 'Table' } } },
              },
            },
          ]),
        ),
      },
    }),
    [`${stack}.assets.json`]: JSON.stringify({
      files: Object.fromEntries(
        folders.map((folder) => [
          folder,
          {
            source: { path: folder, packaging: 'zip' },
            destinations: { current: { objectKey: `${folder}.zip` } },
          },
        ]),
      ),
    }),
  };
}
