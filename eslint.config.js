import { globSync, readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import graphql from '@graphql-eslint/eslint-plugin';
import { parse, printSchema } from 'graphql';

// ESLint lints the schema alone; Biome does everything else.

// Rules that ask "is this type used?" have to see all files at once. The plugin's own way to load a federated schema
// knows only @apollo/subgraph before 2.15, so it is handed the schema ready made.
const documents = globSync(`${import.meta.dirname}/schema/*.graphql`).map((file) =>
  parse(readFileSync(file, 'utf8')),
);
const wholeSchema = printSchema(buildSubgraphSchema(documents));

const entityTypes = documents
  .flatMap(({ definitions }) => definitions)
  .filter(({ directives }) => directives?.some(({ name }) => name.value === 'key'))
  .map(({ name }) => name.value);

const { '@graphql-eslint/naming-convention': naming, ...recommended } =
  graphql.configs['flat/schema-recommended'].rules;
const { EnumValueDefinition: enumValueStyle, ...recommendedNames } = naming[1];

// `_id` is the REST API's own name. Renamed, it could not be told from `id`, which is another field.
const camelCaseOrRestId = { style: 'camelCase', ignorePattern: '^_id$' };

export default [
  {
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: wholeSchema } },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...recommended,
      // A description of one line stands on one line, a longer one in a block: Biome formats both.
      '@graphql-eslint/description-style': 'off',
      '@graphql-eslint/naming-convention': [
        'error',
        {
          ...recommendedNames,
          FieldDefinition: camelCaseOrRestId,
          // The values of such an enum are names of REST fields, so that a client can compare them as they are.
          'EnumValueDefinition[parent.name.value=/Field$/]': camelCaseOrRestId,
          'EnumValueDefinition[parent.name.value!=/Field$/]': enumValueStyle,
        },
      ],
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          DirectiveDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
        },
      ],
      '@graphql-eslint/strict-id-in-types': [
        'error',
        // What identifies an entity is its @key, which the service checks at start.
        { exceptions: { types: entityTypes } },
      ],
      // A null at the root keeps one failure from emptying the whole answer.
      '@graphql-eslint/require-nullable-result-in-root': 'error',
    },
  },
];
