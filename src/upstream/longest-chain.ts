/**
 * So often may be added to a Map or Set that is added to and deleted from without end, until it is made anew. V8 lays out
 * its table anew every so often, and links each old table to the next one: once one of them has come into the old
 * generation, all that follow live until the next major collection, and with them whatever was in flight when one was
 * laid out. A fifth of the memory in use was that, and moving it about cost up to 8 % of the time.
 */
export const LONGEST_CHAIN = 500;
