/**
 * `npm run check:image`: does the steps of deploy/Dockerfile in an empty folder, without a container engine, and runs the
 * result as the image would be run: as an ordinary user who can write nothing, with a clean environment.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildTree, type Image } from './image/build-tree.ts';
import { missingPackages } from './image/missing-packages.ts';
import { readDockerfile } from './image/read-dockerfile.ts';

const context = resolve(import.meta.dirname, '..');

/** How long the service may take to start or to stop, on a busy machine. */
const PATIENCE_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'image-'));
try {
  const stages = readDockerfile(readFileSync(join(import.meta.dirname, 'Dockerfile'), 'utf8'));
  const image = buildTree(stages, { context, folder });
  chmodSync(folder, 0o755);
  const compiled = globSync('compile-cache/*/*', { cwd: image.workdir });
  if (compiled.length === 0) throw new Error('The image holds nothing that Node compiled');
  execFileSync('chmod', ['-R', 'a-w', image.root]);
  const missing = missingPackages(join(image.workdir, 'node_modules/.bin/node'), image.debianPackages);
  if (missing.length > 0) throw new Error(`The image lacks packages of Debian: ${missing.join(', ')}`);
  await runAndAsk(image);
  console.log('The image works.');
} finally {
  execFileSync('chmod', ['-R', 'u+w', folder]);
  rmSync(folder, { recursive: true, force: true });
}

/** Starts the service, asks for its health and for one user, and ends it. */
async function runAndAsk(image: Image): Promise<void> {
  const gets: string[] = [];
  const restApi = createServer((request, response) => {
    gets.push(request.url ?? '');
    const body = { meta: { status: 'success', statusCode: 200 }, data: { displayName: 'Admin' } };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  const [port, adminPort, restPort] = await Promise.all([freePort(), freePort(), listen(restApi)]);
  const env = {
    ...image.env,
    HOST: '127.0.0.1',
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    UPSTREAM_URL: `http://127.0.0.1:${restPort}`,
    TMPDIR: image.root,
  };
  const options = { cwd: image.workdir, env, ...ordinaryUser(image.user) };
  const [program = '', ...args] = image.command;
  const service = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(service, 'exit');
  try {
    await untilReady(`http://127.0.0.1:${adminPort}/health/ready`, exited);
    const [check = '', ...checkArgs] = image.healthCheck;
    execFileSync(check, checkArgs, options);
    await askForOneUser(`http://127.0.0.1:${port}/graphql`);
    if (!gets.every((url) => url.endsWith('/communities/c1/users/u1?displayName')) || gets.length !== 1) {
      throw new Error(`The REST API was asked for ${gets.join(', ')}`);
    }
    service.kill('SIGTERM');
    const [code, signal] = await within(exited, 'end at SIGTERM');
    if (code !== 0) throw new Error(`At SIGTERM the service ended with ${signal ?? code}`);
  } finally {
    service.kill('SIGKILL');
    restApi.close();
  }
}

async function askForOneUser(url: string): Promise<void> {
  const query = '{ communityUser(communityId: "c1", userId: "u1") { displayName } }';
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer check' },
    body: JSON.stringify({ query }),
  });
  const text = (await response.text()).trim();
  if (text !== '{"data":{"communityUser":{"displayName":"Admin"}}}') throw new Error(`Answered: ${text}`);
}

/** Asks until the service is ready. */
async function untilReady(url: string, exited: Promise<unknown[]>): Promise<void> {
  const ended = exited.then(([code]) => {
    throw new Error(`The service did not start: it ended with ${code}`);
  });
  const ready = async () => {
    while (!(await isOk(url))) await new Promise((wait) => setTimeout(wait, 50));
  };
  await within(Promise.race([ready(), ended]), 'become ready');
}

async function isOk(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function within<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`The service did not ${what} in time`)), PATIENCE_MS);
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}

/** The image's user, where this process may become somebody else; root is refused. */
function ordinaryUser(user: string): { uid?: number; gid?: number } {
  const [uid = 0, gid = uid] = user.split(':').map(Number);
  if (!(uid > 0 && gid > 0)) throw new Error(`The image runs as ${user || 'root'}: name an ordinary user`);
  return process.getuid?.() === 0 ? { uid, gid } : {};
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return port;
}
