package io.sluice.backstore.nbd.protocol;

/**
 * What a server has told of an export in the handshake.
 *
 * @param sizeBytes how large it is
 * @param flags its {@link TransmissionFlag}s
 * @param minimumBytes what offsets and lengths have to be multiples of
 * @param preferredBytes what they had better be multiples of
 * @param maximumBytes how much data one request can have
 * @param structured whether it answers by structured replies
 * @param allocation number of the context that tells what has space; null if there is none
 */
public record ExportInfo(
        long sizeBytes,
        int flags,
        int minimumBytes,
        int preferredBytes,
        int maximumBytes,
        boolean structured,
        Integer allocation) {

    /** What a client assumes that is told nothing. */
    public static final int DEFAULT_PREFERRED_BYTES = 4096;

    /** As above; no request of ours is longer in any case. */
    public static final int DEFAULT_MAXIMUM_BYTES = 32 << 20;

    private static final int LARGEST_MINIMUM = 64 << 10;

    /** Nothing is known yet. */
    public static final ExportInfo UNKNOWN =
            new ExportInfo(-1, 0, 1, DEFAULT_PREFERRED_BYTES, DEFAULT_MAXIMUM_BYTES, false, null);

    /** Returns whether a flag is set. */
    public boolean has(TransmissionFlag flag) {
        return (flags & flag.mask()) != 0;
    }

    /** Returns whether it can do as much, and has as much, as one that was there before. */
    public boolean replaces(ExportInfo before) {
        return sizeBytes >= before.sizeBytes
                && flags == before.flags
                && minimumBytes == before.minimumBytes
                && maximumBytes >= before.maximumBytes
                && (allocation == null) == (before.allocation == null);
    }

    /** Returns the same with size and flags. */
    public ExportInfo with(long size, int newFlags) throws NbdProtocolException {
        if (size < 0) {
            throw new NbdProtocolException("a size of " + Long.toUnsignedString(size) + " bytes");
        }
        return new ExportInfo(size, newFlags, minimumBytes, preferredBytes, maximumBytes, structured, allocation);
    }

    /** Returns the same with sizes of blocks, as they are on the wire. */
    public ExportInfo withBlocks(int minimum, int preferred, int maximum) throws NbdProtocolException {
        boolean powers = Integer.bitCount(minimum) == 1 && Integer.bitCount(preferred) == 1;
        boolean unlimited = maximum < 0;
        if (!powers || minimum < 1 || minimum > LARGEST_MINIMUM || preferred < minimum) {
            throw new NbdProtocolException("blocks of " + Integer.toUnsignedString(minimum) + " and "
                    + Integer.toUnsignedString(preferred) + " bytes");
        }
        if (!unlimited && (maximum < preferred || maximum % minimum != 0)) {
            throw new NbdProtocolException("blocks of " + preferred + " bytes in requests of " + maximum);
        }
        int most = unlimited ? DEFAULT_MAXIMUM_BYTES : Math.min(maximum, DEFAULT_MAXIMUM_BYTES);
        return new ExportInfo(sizeBytes, flags, minimum, preferred, most, structured, allocation);
    }

    /** Returns the same with structured replies. */
    public ExportInfo withStructured() {
        return new ExportInfo(sizeBytes, flags, minimumBytes, preferredBytes, maximumBytes, true, allocation);
    }

    /** Returns the same with a context that tells what has space. */
    public ExportInfo withAllocation(int context) {
        return new ExportInfo(sizeBytes, flags, minimumBytes, preferredBytes, maximumBytes, structured, context);
    }
}
