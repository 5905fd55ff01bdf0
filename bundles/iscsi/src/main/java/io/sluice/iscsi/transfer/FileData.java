package io.sluice.iscsi.transfer;

import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.sluice.backstore.FileRange;

/**
 * Data-In that the kernel sends from a file. Its pieces and its owner hold on to the lent range; whoever is last gives it
 * back. Made by the thread that performs the command, and used on the connection's event loop only from then on.
 */
final class FileData {

    private final FileRange range;
    private final int length;
    private int holders = 1;

    /**
     * @param range taken over
     * @param limit bytes that the initiator takes at most
     */
    FileData(FileRange range, long limit) {
        this.range = range;
        this.length = (int) Math.min(range.lengthBytes(), limit);
    }

    /** Returns how much there is to send, in bytes. */
    int length() {
        return length;
    }

    /** Returns a piece for one PDU, which lets go of the range when it is out or the connection gone. */
    FileRegion piece(int offset, int bytes) {
        holders++;
        return new Piece(offset, bytes);
    }

    /** The owner lets go. */
    void letGo() {
        holders--;
        if (holders == 0) {
            range.close();
        }
    }

    private final class Piece extends DefaultFileRegion {

        private Piece(int offset, int bytes) {
            super(range.channel(), range.offsetBytes() + offset, bytes);
        }

        /** Does not close the file, which is the store's. */
        @Override
        protected void deallocate() {
            letGo();
        }
    }
}
