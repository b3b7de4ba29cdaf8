import { csv, type CsvOptions } from '@diptych/datasets';
import { describe, expect, it } from 'vitest';
import { all, filesOf } from './files.ts';

function read(text: string, options?: CsvOptions) {
  return all(csv(filesOf({ 'a.csv': text, 'a.jpg': 'A', 'b.jpg': 'B' }), 'a.csv', options));
}

describe('csv', () => {
  it('reads lists that are JSON in a cell, as the hub has them', async () => {
    const text = 'raw,filename,split,img_id\r\n"[""two, dogs"", ""b\\""""]",a.jpg,test,7\r\n[],b.jpg,,8\r\n';
    const problems: string[] = [];
    const found = await read(text, {
      columns: { image: 'filename', captions: 'raw' },
      jsonColumns: ['raw'],
      onSkip: ({ message }) => problems.push(message),
    });
    expect(found).toMatchObject([
      { id: 'a.jpg', captions: ['two, dogs', 'b"'], split: 'test', attributes: { img_id: '7' } },
    ]);
    expect(problems).toEqual(['set/a.csv, line 3: expected a caption, got none']);
  });

  it('keeps separators, quotes and line ends inside quotes', async () => {
    const [sample] = await read('image,caption\n\na.jpg,"one, ""two""\r\nthree"\n');
    expect(sample?.captions).toEqual(['one, "two"\r\nthree']);
  });

  it('takes names and tabs where the file has no header', async () => {
    const found = await read('a dog "here"\ta.jpg\na cat\tb.jpg', { header: ['caption', 'image'], separator: '\t' });
    expect(found.map(({ id, captions }) => [id, ...captions])).toEqual([
      ['a.jpg', 'a dog "here"'],
      ['b.jpg', 'a cat'],
    ]);
  });

  it('joins rows of one image where each has one caption', async () => {
    const text = 'image,caption,n\na.jpg,one,1\na.jpg,two,2\nbad\nb.jpg,three,3\n';
    const problems: string[] = [];
    const found = await read(text, { rowPerCaption: true, onSkip: ({ message }) => problems.push(message) });
    expect(found.map(({ id, captions, attributes }) => [id, captions, attributes])).toEqual([
      ['a.jpg', ['one', 'two'], { n: '1' }],
      ['b.jpg', ['three'], { n: '3' }],
    ]);
    expect(problems).toEqual(['set/a.csv, line 4: expected 3 cells, got 1']);
    const apart = read('image,caption\na.jpg,one\nb.jpg,two\na.jpg,three\n', { rowPerCaption: true });
    await expect(apart).rejects.toThrow("set/a.csv, line 4: expected an id of its own, got 'a.jpg'");
  });

  it('names the cell that is no JSON', async () => {
    const text = 'image,captions\na.jpg,[one]\n';
    await expect(read(text, { jsonColumns: ['captions'] })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/^set\/a\.csv, line 2, captions: expected JSON, got '\[one\]': \S/) as string,
    });
  });

  it.each([
    ['image,caption\n"a.jpg",x,y\n', 'set/a.csv, line 2: expected 2 cells, got 3'],
    ['image,caption\na.jpg,"x\n\n', 'set/a.csv, line 2: expected a closing quote'],
    ['image,caption\n"a"b.jpg,x\n', "set/a.csv, line 2: expected a separator behind a quote, got 'b'"],
    ['image,text\na.jpg,x\n', "expected 'captions', 'caption' or 'caption_0', got image, text"],
    ['image,caption\n../a.jpg,x\n', "expected a path inside the folder, got '../a.jpg'"],
    ['image,caption\n,x\n', 'set/a.csv, line 2: expected an image as a path or bytes'],
    ['image,caption\na.jpg,x\na.jpg,y\n', "set/a.csv, line 3: expected an id of its own, got 'a.jpg'"],
  ])('refuses %j', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(message),
    });
  });
});
