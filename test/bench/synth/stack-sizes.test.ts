import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { largestStack, stackSizes } from '../../../bench/synth/stack-sizes.ts';
import { temporaryFolder } from '../../lib/support/project.ts';

describe('the sizes of stacks', () => {
  it('are counted by template, and the largest is the one with the most resources', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.template.json'), '{"Resources":{"One":{},"Two":{}}}');
    writeFileSync(join(folder, 'b.template.json'), '{"Outputs":{"Long":{"Value":"a text in more bytes"}}}');
    writeFileSync(join(folder, 'manifest.json'), '{"Resources":{"None":{},"Of":{},"These":{}}}');

    expect(stackSizes(folder)).toEqual([
      { name: 'a', resources: 2, bytes: 33 },
      { name: 'b', resources: 0, bytes: 53 },
    ]);
    expect(largestStack(folder).name).toBe('a');
  });
});
