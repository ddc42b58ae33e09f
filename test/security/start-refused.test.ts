import { expect, test } from 'vitest';
import { startTestService } from '../support/test-service.ts';
import { writeManifest } from './manifest.ts';

test('the service does not start without the manifest that it is to use, and says why', async () => {
  const path = await writeManifest('{ "a": "{ __typename }", "b": "{ nothing }", "c": 1 }');
  const service = startTestService({ PERSISTED_DOCUMENTS: path, PERSISTED_DOCUMENTS_MODE: 'require' });
  await expect(service).rejects.toThrow(`The manifest ${path} can't be used:\n  - "c"`);
});
