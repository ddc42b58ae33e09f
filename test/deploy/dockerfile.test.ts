import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCopy, readDockerfile, readExecForm } from '../../deploy/image/read-dockerfile.ts';

const stages = readDockerfile(read('deploy/Dockerfile'));
const image = stages.at(-1)?.instructions ?? [];

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

function exec(name: string): string[] {
  const instruction = image.find((one) => one.name === name);
  return instruction === undefined ? [] : readExecForm(instruction);
}

test('the image starts what `npm start` starts, with no shell or npm between it and SIGTERM', () => {
  expect(exec('CMD').join(' ')).toBe(JSON.parse(read('package.json')).scripts.start);
});

test('what the image has compiled is for its own flags, and found again', () => {
  const compiling = stages[0]?.instructions.find(({ text }) => text.includes('NODE_COMPILE_CACHE'));
  expect(compiling?.text).toContain(` node_modules/.bin/${exec('CMD').join(' ')} `);
  expect(image.find(({ name }) => name === 'ENV')?.text).toContain('NODE_COMPILE_CACHE=/app/compile-cache ');
});

test('the image has production dependencies alone', () => {
  const runs = stages.flatMap(({ instructions }) => instructions.filter(({ name }) => name === 'RUN'));
  expect(runs.filter(({ text }) => text.includes('npm')).map(({ text }) => text)).toEqual([
    expect.stringContaining('npm ci --omit=dev'),
  ]);
});

test('the image runs as an ordinary user, who owns none of its files', () => {
  expect(image.find(({ name }) => name === 'USER')?.text).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(JSON.stringify(stages)).not.toContain('--chown');
});

test('its health is readiness, on the port of its own', () => {
  expect(exec('HEALTHCHECK').join(' ')).toMatch(/process\.env\.ADMIN_PORT.*\/health\/ready/);
});

test('Docker is given what the Dockerfile copies, and nothing else', () => {
  const copied = stages
    .flatMap(({ instructions }) => instructions.filter(({ name }) => name === 'COPY'))
    .map(({ text }) => readCopy(text))
    .flatMap(({ sources, from }) => (from === undefined ? sources : []));
  const given = read('deploy/Dockerfile.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(given).toEqual(['*', ...copied.map((path) => `!${path}`)]);
});
