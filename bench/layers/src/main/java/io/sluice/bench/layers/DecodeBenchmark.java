package io.sluice.bench.layers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.iscsi.pdu.InitiatorPdu;
import io.sluice.iscsi.pdu.PduDecoder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** SCSI Command PDUs out of one read of the socket. */
@State(Scope.Thread)
public class DecodeBenchmark extends LayerBenchmark {

    private static final int PDUS = 32;
    private static final int HEADER_BYTES = 48;
    private static final int SCSI_COMMAND = 0x01;
    private static final int WRITES = 0xA1;
    private static final int READS = 0xC1;

    /** Bytes of immediate data. */
    @Param({"0", "4096"})
    public int dataBytes;

    private EmbeddedChannel channel;
    private ByteBuf received;

    /** Makes the bytes. */
    @Setup(Level.Trial)
    public void setUp() {
        PduDecoder decoder = new PduDecoder(dataBytes);
        decoder.enterFullFeaturePhase(1 << 18, false, false);
        channel = new EmbeddedChannel(decoder, new Dropping());
        received = PooledByteBufAllocator.DEFAULT.directBuffer(PDUS * (HEADER_BYTES + dataBytes));
        for (int i = 0; i < PDUS; i++) {
            int start = received.writerIndex();
            received.writeZero(HEADER_BYTES + dataBytes);
            received.setByte(start, SCSI_COMMAND);
            received.setByte(start + 1, dataBytes > 0 ? WRITES : READS);
            received.setMedium(start + 5, dataBytes);
        }
    }

    /** Gives the bytes back. */
    @TearDown(Level.Trial)
    public void tearDown() {
        channel.close();
        received.release();
    }

    /** Decodes one read. */
    @Benchmark
    @OperationsPerInvocation(PDUS)
    public void decode() {
        channel.pipeline().fireChannelRead(received.retainedDuplicate());
    }

    private static final class Dropping extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object pdu) {
            ((InitiatorPdu) pdu).data().release();
        }
    }
}
