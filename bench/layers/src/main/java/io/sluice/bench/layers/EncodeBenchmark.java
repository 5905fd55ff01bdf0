package io.sluice.bench.layers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.sluice.iscsi.pdu.DataInPdu;
import io.sluice.iscsi.pdu.PduWriter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** SCSI Data-In PDUs with status, up to the channel. */
@State(Scope.Thread)
public class EncodeBenchmark extends LayerBenchmark {

    private static final int DATA_BYTES = 4096;

    /** Whether header and data digests are on. */
    @Param({"false", "true"})
    public boolean digests;

    private EmbeddedChannel channel;
    private PduWriter writer;
    private ByteBuf data;

    /** Makes the writer. */
    @Setup(Level.Trial)
    public void setUp() {
        channel = new EmbeddedChannel(new Dropping());
        PduWriter.Window window = new FixedWindow();
        writer = new PduWriter(channel, 1, window, channel.voidPromise());
        writer.enterFullFeaturePhase(digests, digests);
        data = PooledByteBufAllocator.DEFAULT.directBuffer(DATA_BYTES).writeZero(DATA_BYTES);
    }

    /** Gives the data back. */
    @TearDown(Level.Trial)
    public void tearDown() {
        channel.close();
        data.release();
    }

    /** Encodes one PDU. */
    @Benchmark
    public void encode() {
        writer.write(new DataInPdu(DataInPdu.FINAL | DataInPdu.STATUS, 0, 1, 0, 0, 0, data.retainedDuplicate(), null));
    }

    private static final class FixedWindow implements PduWriter.Window {

        @Override
        public int expCmdSn() {
            return 1;
        }

        @Override
        public int maxCmdSn() {
            return 128;
        }
    }

    private static final class Dropping extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
            promise.trySuccess();
        }
    }
}
