import { readFileSync, writeFileSync } from 'node:fs';
import { readSdl } from './schema.ts';

/**
 * `npm run schema`: writes the schema that the registry of a federated graph gets, which is what `_service { sdl }` answers,
 * to docs/subgraph.graphql. With `--check` it writes nothing, and exits with 1 where that file differs.
 */

const published = new URL('../../docs/subgraph.graphql', import.meta.url);
const sdl = readSdl();

if (!process.argv.includes('--check')) {
  writeFileSync(published, sdl);
} else if (sdl !== readFileSync(published, 'utf8')) {
  console.error('docs/subgraph.graphql is not what schema/ makes: run `npm run schema`, commit the result.');
  process.exitCode = 1;
}
