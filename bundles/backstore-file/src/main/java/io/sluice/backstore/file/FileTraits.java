package io.sluice.backstore.file;

/**
 * What an open file can do.
 *
 * @param regular whether it is a regular file, which can grow, and not a block device
 * @param writable whether it takes writes
 * @param punches whether holes can be punched, as far as is known
 * @param reserved whether it is to have the space of all of its bytes, and to keep it
 * @param unitBytes what space is given back in: a block of the file system, or what the device discards
 * @param medium what it is on
 */
record FileTraits(boolean regular, boolean writable, boolean punches, boolean reserved, int unitBytes, Medium medium) {}
