package io.sluice.scsi.internal.tpc;

/**
 * A POPULATE TOKEN or WRITE USING TOKEN, as RECEIVE ROD TOKEN INFORMATION reports it.
 *
 * @param serviceAction SERVICE ACTION of the command
 * @param status how far it is
 * @param blockSize bytes in a block, the unit of the transfer count
 * @param token the token that POPULATE TOKEN has made, or null
 */
record TokenOperation(int serviceAction, CopyStatus status, int blockSize, byte[] token) {}
