import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Layer, type LayerOptions, startLayer } from '../support/layer.ts';
import { clientsPage, Pasted, printedBy } from './pasted.ts';

test('the program for fetch prints what the page says', async () => {
  const { pasted } = await connect(await Pasted.create());
  expect(await pasted.run('node', 'profile.js')).toBe(printedBy('profile.js'));
});

test('the program for Apollo Client prints what the page says', async () => {
  const { pasted } = await connect(await Pasted.create());
  expect(await pasted.run('node', 'apollo-members.js')).toBe(printedBy('apollo-members.js'));
});

test('the program for urql prints what the page says', async () => {
  const { pasted } = await connect(await Pasted.create());
  await pasted.run('node', 'schema-json.js');
  expect(await pasted.run('node', 'urql-members.js')).toBe(printedBy('urql-members.js'));
});

test('the program for Relay prints what the page says, with trusted documents and without the number', async () => {
  const compiled = await Pasted.create();
  await compiled.write('persisted-documents.json', '{}');
  await compiled.run('relay-compiler');
  const { layer, pasted } = await connect(compiled, requiring(compiled, 'persisted-documents.json'));
  await importArtifacts(pasted, 'relay-members.js');
  expect(await pasted.run('node', 'relay-members.js')).toBe(printedBy('relay-members.js'));
  // The field that the compiler adds to each selection is `userId`, which costs nothing.
  expect(new Set(layer.requests.map((path) => path.split('?')[1]))).toEqual(new Set(['displayName']));
});

test('the program for trusted documents prints what the page says, where nothing else is let through', async () => {
  const generated = await Pasted.create();
  await generated.run('graphql-codegen');
  const { layer, pasted } = await connect(generated, requiring(generated, 'gql/persisted-documents.json'));
  expect(await pasted.run('node', 'trusted-profile.ts')).toBe(printedBy('trusted-profile.ts'));
  const { errors } = await layer.query('{ communityUser(communityId: "c", userId: "u") { email } }');
  expect(errors?.[0]?.extensions.code).toBe('PERSISTED_DOCUMENT_REQUIRED');
});

test.each(unsupported())('$what: the answer is $status $code', async ({ sent, status, code }) => {
  const layer = await startLayer();
  const response = await fetch(`${layer.url}/graphql`, {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json', 'content-type': 'application/json' },
    body: /^(?:\[|\{ ")/.test(sent) ? sent : JSON.stringify({ query: sent }),
  });
  expect(response.status).toBe(Number(status));
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
});

/** Points the files to a service over the embedded REST API's data. */
async function connect(
  pasted: Pasted,
  env: LayerOptions['env'] = {},
): Promise<{ layer: Layer; pasted: Pasted }> {
  const layer = await startLayer({ env });
  await pasted.pointTo(layer.url);
  return { layer, pasted };
}

/** The environment of a service that lets nothing through but this manifest. */
function requiring({ folder }: Pasted, manifest: string): LayerOptions['env'] {
  return { PERSISTED_DOCUMENTS: join(folder, manifest), PERSISTED_DOCUMENTS_MODE: 'require' };
}

/** Puts the compiler's artifacts in the place of the `graphql` tags, as babel-plugin-relay does. */
async function importArtifacts(pasted: Pasted, file: string): Promise<void> {
  const imports: string[] = [];
  const text = await readFile(join(pasted.folder, file), 'utf8');
  const body = text.replaceAll(/graphql`\s*query (\w+)[^`]*`/g, (_tag, name: string) => {
    imports.push(`import ${name} from './__generated__/${name}.graphql.js';\n`);
    return name;
  });
  await pasted.write(file, imports.join('') + body);
}

/** The rows of the table of what is not there. */
function unsupported() {
  const rows = clientsPage.matchAll(
    /^\| (?<what>[^|]+) \| `(?<sent>[^|]+)` \| (?<status>\d+) \| `(?<code>\w+)` \|$/gm,
  );
  return Array.from(rows, ({ groups }) => ({ what: '', sent: '', status: '', code: '', ...groups }));
}
