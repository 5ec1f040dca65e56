import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostPath, parseDockerfile } from '../../../../local/sagemaker/model/dockerfile.ts';
import { temporaryFolder } from '../../core/support/folders.ts';

describe('parseDockerfile', () => {
  it('reads the last stage only', () => {
    const program = parseDockerfile(
      [
        '# builds',
        'FROM node:22 AS build',
        'ENV STAGE=first',
        'CMD ["never"]',
        'FROM node:22',
        'ENV STAGE=last SPACED="a b" \\',
        '    NEXT=2',
        'ENV OLD form',
        'WORKDIR /opt',
        'WORKDIR server',
        'ENTRYPOINT ["node", "main.mjs", "--verbose"]',
        'CMD ["replaced"]',
      ].join('\n'),
    );

    expect(program).toEqual({
      // SageMaker's argument takes the place of CMD.
      command: ['node', 'main.mjs', '--verbose', 'serve'],
      workingDirectory: '/opt/server',
      environment: { STAGE: 'last', SPACED: 'a b', NEXT: '2', OLD: 'form' },
      copies: [],
    });
  });

  it.each([
    [
      'FROM scratch\nCMD ["node", "main.mjs"]',
      'its Dockerfile has no ENTRYPOINT: SageMaker runs `docker run IMAGE serve`',
    ],
    ['FROM scratch\nENTRYPOINT exec node', 'its ENTRYPOINT is in shell form: write it as a JSON array'],
    ['FROM scratch', 'its Dockerfile has no ENTRYPOINT'],
    ['FROM scratch\nCMD ["node"]\nENTRYPOINT []', 'its Dockerfile has no ENTRYPOINT'],
  ])('refuses %j', (text, message) => {
    expect(() => parseDockerfile(text)).toThrow(message);
  });
});

describe('hostPath', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'server.mjs'), '');
  writeFileSync(join(folder, 'dist', 'main.mjs'), '');

  it.each([
    ['a file copied below the working directory', 'COPY server.mjs ./', 'server.mjs', 'server.mjs'],
    ['a file under another name', 'COPY server.mjs /bin/serve', '/bin/serve', 'server.mjs'],
    ['one of several files', 'COPY package.json server.mjs /app/', '/app/server.mjs', 'server.mjs'],
    ['a folder', 'COPY dist /opt/app', '/opt/app/main.mjs', 'dist/main.mjs'],
    ['everything', 'COPY --chown=node:node . .', 'dist/main.mjs', 'dist/main.mjs'],
    ['the JSON form', 'COPY ["dist", "/opt/app"]', '/opt/app/main.mjs', 'dist/main.mjs'],
  ])('finds %s', (_what, copy, containerPath, expected) => {
    const program = parseDockerfile(
      `FROM node\nWORKDIR /srv\n${copy}\nENTRYPOINT ["node", "${containerPath}"]`,
    );
    expect(hostPath(program, folder, containerPath)).toBe(join(folder, expected));
  });

  it.each([
    ['a file of another stage', 'COPY --from=build /out/server.mjs ./', 'server.mjs'],
    ['a file that is not copied', 'COPY dist /opt/app', '/opt/server.mjs'],
    ['a file outside of the build folder', 'COPY . .', '../../../../../etc/hostname'],
  ])('does not find %s', (_what, copy, containerPath) => {
    const program = parseDockerfile(
      `FROM node\nWORKDIR /srv\n${copy}\nENTRYPOINT ["node", "${containerPath}"]`,
    );
    expect(() => hostPath(program, folder, containerPath)).toThrow(
      `${containerPath} is not copied into the image from its build folder`,
    );
  });
});
