package io.sluice.backstore;

/** An ability that a backstore may have beyond reading, writing and flushing; only what is listed is told to initiators. */
public enum Capability {
    /** {@link Backstore#unmap} works: blocks can be given back and then read as zeros (SBC-4 4.7). */
    UNMAP,
    /** {@link Backstore#writeZeroes} is cheaper than writing the zeros. */
    WRITE_ZEROES,
    /** {@link Backstore#resize} works while the store is open. */
    RESIZE,
    /** {@link Backstore#allocatedBytes} knows how much space is really used. */
    ALLOCATION,
    /** {@link Backstore#extent} knows which blocks take space. */
    ALLOCATION_MAP
}
