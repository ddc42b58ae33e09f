import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

/**
 * `npm run schema`: writes the schema that the registry of a federated graph gets to docs/subgraph.graphql. With
 * `--check` it writes nothing, and exits with 1 where that file is not what schema/ makes.
 */

const root = resolve(import.meta.dirname, '../..');
const published = resolve(root, 'docs/subgraph.graphql');
const header =
  '# What `rover subgraph publish` takes. Made by `npm run schema` from schema/: edit it there.\n';

const schema = `${header}\n${subgraphSchema()}`;
if (!process.argv.includes('--check')) {
  writeFileSync(published, schema);
} else if (schema !== readPublished()) {
  console.error(
    `${relative(root, published)} is not what schema/ makes: run \`npm run schema\`, commit the result.`,
  );
  process.exitCode = 1;
}

/** The files of schema/ one after the other. Throws where together they are no valid subgraph. */
function subgraphSchema(): string {
  const files = globSync('schema/*.graphql', { cwd: root }).sort();
  const sdl = files.map((file) => readFileSync(resolve(root, file), 'utf8')).join('\n');
  buildSubgraphSchema(parse(sdl));
  return sdl;
}

function readPublished(): string | undefined {
  try {
    return readFileSync(published, 'utf8');
  } catch {
    return undefined;
  }
}
