/** Which files of a mail are kept, and what people are told of the others. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ATTACHMENT_LIMITS, selectFiles, wordsForLeftOut } from '../../lambdas/domain/mail/attachments.ts';
import { attachmentIdOf, placeOf } from '../../lambdas/domain/ticket/attachment.ts';

const MB = 1024 * 1024;
const file = (filename: string, size: number, inline = false) => ({ filename, size, inline });

describe('the files of a mail', () => {
  it('are all kept, in their order, up to the limits themselves', () => {
    const files = [file('a.pdf', 10 * MB), file('b.png', 0, true), file('c.zip', 10 * MB)];
    expect(selectFiles(files)).toEqual({ kept: files, left: [] });
    expect(wordsForLeftOut([])).toBe('');
  });

  it('leave out one that is too large by a byte, and what is over together', () => {
    const { kept, left } = selectFiles([
      file('a', 10 * MB + 1),
      file('b', 10 * MB),
      file('c', 9 * MB),
      file('d', 2 * MB),
    ]);
    expect(kept.map(({ filename }) => filename)).toEqual(['b', 'c']);
    expect(left).toEqual([
      { filename: 'a', size: 10 * MB + 1, why: 'each' },
      { filename: 'd', size: 2 * MB, why: 'together' },
    ]);
    expect(wordsForLeftOut(left)).toBe(
      'Not kept with the ticket, only in the mail as it came:\n' +
        '- a (10 MB): one file may have 10 MB.\n' +
        '- d (2 MB): all files of a mail may have 20 MB.',
    );
  });

  it('put what somebody attached before the pictures of a signature', () => {
    const logos = Array.from({ length: 25 }, (_, index) => file(`logo${String(index)}.png`, 2000, true));
    const { kept, left } = selectFiles([...logos, file('contract.pdf', 500)]);
    expect(kept).toHaveLength(25);
    expect(kept.at(-1)?.filename).toBe('contract.pdf');
    expect(left).toEqual([{ filename: 'logo24.png', size: 2000, why: 'count' }]);
  });

  it('never pass the limits, and each is kept or named', () => {
    const anyFile = fc.record({
      filename: fc.string({ maxLength: 10 }),
      size: fc.oneof(fc.integer({ min: 0, max: 12 * MB }), fc.integer({ min: 0, max: 1000 })),
      inline: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyFile, { maxLength: 60 }), (files) => {
        const { kept, left } = selectFiles(files);
        expect(kept.length + left.length).toBe(files.length);
        expect(kept.length).toBeLessThanOrEqual(ATTACHMENT_LIMITS.count);
        expect(kept.every(({ size }) => size <= ATTACHMENT_LIMITS.bytesEach)).toBe(true);
        expect(kept.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(ATTACHMENT_LIMITS.bytesTogether);
        expect(wordsForLeftOut(left).split('\n').length).toBeLessThanOrEqual(12);
      }),
    );
  });

  it('are named shortly where there are thousands', () => {
    const { left } = selectFiles(Array.from({ length: 3000 }, (_, index) => file(String(index), 3)));
    expect(wordsForLeftOut(left)).toMatch(
      /\n- 25 \(3 bytes\): one mail may bring 25 files\.\n(?:.*\n)*- and 2965 more\.$/,
    );
  });
});

it('an id of a file says where it is, and nothing else is one', () => {
  expect(placeOf(attachmentIdOf({ seq: 12, number: 3 }))).toEqual({ seq: 12, number: 3 });
  for (const wrong of ['att_0_1', 'att_1_0', 'att_1', 'att_1_1x', 'att_01_1', '']) {
    expect(() => placeOf(wrong)).toThrow(RangeError);
  }
});
