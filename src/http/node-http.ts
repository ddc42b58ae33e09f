/**
 * Node's HTTP module. A named import of `node:http` reads all that the module exports, and one of its getters loads a
 * WebSocket: 25 ms at the start, and 15 MB.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');
