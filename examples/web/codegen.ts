import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

/** `npm run codegen` at the root writes types, documents and the manifest of trusted documents to src/generated/. */
const config: CodegenConfig = {
  schema: 'docs/schema.graphql',
  documents: ['examples/web/src/**/*.{ts,tsx}'],
  generates: {
    'examples/web/src/generated/': {
      preset: 'client',
      presetConfig: {
        persistedDocuments: { hashAlgorithm: 'sha256' },
        fragmentMasking: { unmaskFunctionName: 'readFragment' },
      },
      // Apollo Client adds __typename to what it sends: the manifest has to have it, too.
      documentTransforms: [addTypenameSelectionDocumentTransform],
      config: {
        scalars: { DateTime: 'string' },
        strictScalars: true,
        useTypeImports: true,
        importExtension: '.ts',
      },
    },
  },
};

export default config;
