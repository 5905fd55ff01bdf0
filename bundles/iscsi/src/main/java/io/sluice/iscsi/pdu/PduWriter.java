package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import java.util.List;

/**
 * Numbers PDUs and writes them: header, data segment, padding and digests as separate buffers, which the channel gathers
 * into one system call. Used on the connection's event loop only; flushing is the caller's business.
 */
public final class PduWriter {

    private static final ByteBuf[] PADDING = new ByteBuf[4];

    static {
        for (int i = 1; i < PADDING.length; i++) {
            PADDING[i] = Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer(i).writeZero(i).asReadOnly());
        }
    }

    /** Gives the numbers of the command window (RFC 7143 4.2.2.1). */
    public interface Window {

        /** Returns ExpCmdSN. */
        int expCmdSn();

        /** Returns MaxCmdSN. */
        int maxCmdSn();
    }

    private final Channel channel;
    private final ChannelPromise eachSent;
    private final Digest digest = new Digest();
    private Window window;
    private int statSn;
    private boolean headerDigest;
    private boolean dataDigest;
    private PduWatch watch = PduWatch.NONE;

    /**
     * @param channel where to write
     * @param firstStatSn StatSN of the first response
     * @param window numbers of the command window
     * @param eachSent what the last buffer of each PDU is written with
     */
    public PduWriter(Channel channel, int firstStatSn, Window window, ChannelPromise eachSent) {
        this.channel = channel;
        this.eachSent = eachSent;
        this.statSn = firstStatSn;
        this.window = window;
    }

    /** Shows all PDUs from now on to somebody who may want to see them. */
    public void showTo(PduWatch watcher) {
        watch = watcher;
    }

    /** Goes on with another window. */
    public void window(Window present) {
        window = present;
    }

    /** Goes on with the digests of the full feature phase. */
    public void enterFullFeaturePhase(boolean withHeaderDigest, boolean withDataDigest) {
        headerDigest = withHeaderDigest;
        dataDigest = withDataDigest;
    }

    /** Returns the next StatSN. */
    public int statSn() {
        return statSn;
    }

    /** Writes a PDU without flushing; takes its data segment over. */
    public void write(TargetPdu pdu) {
        write(pdu, eachSent);
    }

    /** As {@link #write}, and returns when the PDU is out. */
    public ChannelFuture writeLast(TargetPdu pdu) {
        ChannelPromise written = channel.newPromise();
        write(pdu, written);
        return written;
    }

    /**
     * Writes PDUs without flushing, and takes their data segments over, none of which is in a file. They are copied into one
     * buffer, which is out as a whole: a header, a slice and what waits of each of them would take more memory than they do.
     */
    public void writeTogether(List<? extends TargetPdu> pdus) {
        int length = 0;
        for (TargetPdu pdu : pdus) {
            length += BasicHeader.LENGTH + pdu.data().readableBytes() + 3 + 2 * Digest.LENGTH;
        }
        ByteBuf all = channel.alloc().directBuffer(length);
        for (TargetPdu pdu : pdus) {
            append(pdu, all);
        }
        channel.write(all, eachSent);
    }

    private void append(TargetPdu pdu, ByteBuf all) {
        ByteBuf data = pdu.data();
        int length = data.readableBytes();
        int padding = -length & 3;
        int begin = all.writerIndex();
        all.writeZero(BasicHeader.LENGTH);
        ByteBuf header = all.slice(begin, BasicHeader.LENGTH);
        encode(pdu, header, length);
        if (headerDigest) {
            all.writeIntLE(digest.reset().update(header).value());
        }
        all.writeBytes(data, data.readerIndex(), length).writeZero(padding);
        if (dataDigest && length > 0) {
            all.writeIntLE(digest.reset().update(data).updateZeros(padding).value());
        }
        data.release();
    }

    private void encode(TargetPdu pdu, ByteBuf header, int length) {
        pdu.encode(header);
        header.setByte(0, pdu.opcode().code());
        header.setMedium(BasicHeader.DATA_SEGMENT_LENGTH, length);
        number(pdu, header);
        if (watch.isOn()) {
            PduTap.sent(watch, pdu.opcode(), header, pdu.data(), length);
        }
    }

    private void write(TargetPdu pdu, ChannelPromise written) {
        ByteBuf data = pdu.data();
        FileRegion file = pdu.file();
        int length = file == null ? data.readableBytes() : (int) file.count();
        ByteBuf header = channel.alloc().directBuffer(BasicHeader.LENGTH + Digest.LENGTH);
        header.writeZero(BasicHeader.LENGTH);
        encode(pdu, header, length);
        if (headerDigest) {
            header.writeIntLE(digest.reset().update(header).value());
        }
        if (length == 0) {
            data.release();
            channel.write(header, written);
            return;
        }
        channel.write(header, channel.voidPromise());
        if (file == null) {
            writeBytes(data, written);
        } else {
            writeFile(file, written);
        }
    }

    /** A data digest is over bytes that nobody has seen here, so whoever agreed on one is not sent files. */
    private void writeFile(FileRegion file, ChannelPromise written) {
        int padding = (int) -file.count() & 3;
        channel.write(file, padding > 0 ? channel.voidPromise() : written);
        if (padding > 0) {
            channel.write(PADDING[padding].duplicate(), written);
        }
    }

    private void writeBytes(ByteBuf data, ChannelPromise written) {
        int padding = -data.readableBytes() & 3;
        int dataValue =
                dataDigest ? digest.reset().update(data).updateZeros(padding).value() : 0;
        channel.write(data, padding > 0 || dataDigest ? channel.voidPromise() : written);
        if (padding > 0) {
            channel.write(PADDING[padding].duplicate(), dataDigest ? channel.voidPromise() : written);
        }
        if (dataDigest) {
            channel.write(channel.alloc().directBuffer(Digest.LENGTH).writeIntLE(dataValue), written);
        }
    }

    private void number(TargetPdu pdu, ByteBuf header) {
        if (pdu.statusNumber() != TargetPdu.StatusNumber.NONE) {
            header.setInt(BasicHeader.STAT_SN, statSn);
        }
        if (pdu.statusNumber() == TargetPdu.StatusNumber.ADVANCES) {
            statSn++;
        }
        header.setInt(BasicHeader.EXP_CMD_SN, window.expCmdSn());
        header.setInt(BasicHeader.MAX_CMD_SN, window.maxCmdSn());
    }
}
