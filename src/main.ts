/** Where the process begins: the only file that reads `process.env`. */
import { enableCompileCache } from 'node:module';

// What is loaded from here on was compiled, and stripped of its types, at an earlier start. It holds for no static import
// of this file: those are loaded before it runs.
enableCompileCache();
const { run } = await import('#process/run.ts');
await run(process.env);
