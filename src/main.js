/**
 * Where the process begins: the only file that reads `process.env`. It is plain JavaScript, since Node caches what it makes
 * of all other files but the first: without a line of TypeScript in it, a start does not load the compiler that strips
 * types (17 MB, a fifth of the time).
 */
import { enableCompileCache } from 'node:module';

// What is loaded from here on was compiled, and stripped of its types, at an earlier start. It holds for no static import
// of this file: those are loaded before it runs.
enableCompileCache();
const { run } = await import('#process/run.ts');
await run(process.env);
