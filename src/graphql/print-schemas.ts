import { readFileSync, writeFileSync } from 'node:fs';
import { buildASTSchema, parse, printSchema, specifiedDirectives, visit } from 'graphql';
import { readSdl } from './schema.ts';

/**
 * `npm run schema`: writes two forms of schema/ to docs/. subgraph.graphql is for the registry of a federated graph, and what
 * `_service { sdl }` answers; schema.graphql is for clients and their tools. With `--check` it writes nothing, and exits
 * with 1 where a file differs.
 */

publish('subgraph.graphql', readSdl());
publish('schema.graphql', clientSchema(readSdl()));

function publish(file: string, schema: string): void {
  const published = new URL(`../../docs/${file}`, import.meta.url);
  if (!process.argv.includes('--check')) {
    writeFileSync(published, schema);
  } else if (schema !== readFileSync(published, 'utf8')) {
    console.error(`docs/${file} is not what schema/ makes: run \`npm run schema\`, commit the result.`);
    process.exitCode = 1;
  }
}

/** Leaves out what only gateways look at: the extension that links federation, and its directives. */
function clientSchema(sdl: string): string {
  const document = visit(parse(sdl), {
    SchemaExtension: () => null,
    Directive: ({ name }) => (isSpecified(name.value) ? undefined : null),
  });
  return `${printSchema(buildASTSchema(document))}\n`;
}

/** Whether the GraphQL specification itself defines this directive. */
function isSpecified(directive: string): boolean {
  return specifiedDirectives.some(({ name }) => name === directive);
}
