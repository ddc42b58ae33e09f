/** Preloaded into a server that is profiled: Node writes its CPU profile when a process exits, not when a signal ends it. */
process.once('SIGTERM', () => process.exit(0));
