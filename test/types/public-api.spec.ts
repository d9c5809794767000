import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import ts from 'typescript';

const FILES = ['test/types/public-api.ts', 'test/types/public-services.ts'].map((file) => resolve(file));

it('the public types allow what they should, and refuse what they should', () => {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const program = ts.createProgram(FILES, options);
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(problems).toEqual([]);
}, 120_000);
