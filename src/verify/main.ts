import { verify } from './command.ts';

// `npm run verify -- --community <id> --user <id>`
process.exitCode = await verify(process.argv.slice(2), process.env, process);
