package io.sluice.iscsi.pdu;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.Test;

/** PDUs as annotated bytes, each decoded whole and cut at every byte (RFC 7143 11.2). */
public final class PduDecoderTest {

    private static final String SCSI_WRITE =
            """
            01 a1 00 00       # SCSI Command, F W, SIMPLE
            00 00 00 05       # no AHS, 5 bytes of data
            00 01 00 00 00 00 00 00
            00 00 00 2a       # task tag
            00 00 02 00       # expected data transfer length
            00 00 00 07       # CmdSN
            00 00 00 09       # ExpStatSN
            2a 00 00 00 00 10 00 00 01 00  00 00 00 00 00 00
            61 62 63 64 65 00 00 00  # data and padding
            """;

    @Test
    public void scsiCommand() {
        decode(SCSI_WRITE, pdu -> {
            ScsiCommandPdu command = (ScsiCommandPdu) pdu;
            assertTrue(command.isFinal() && command.writes() && !command.reads());
            assertEquals(1, command.attribute());
            assertEquals(512, command.expectedDataTransferLength());
            assertEquals(1L << 48, command.lun());
            assertEquals(42, command.initiatorTaskTag());
            assertEquals(7, command.cmdSn());
            assertEquals(9, command.expStatSn());
            assertEquals(0x2A, command.cdb()[0]);
            assertEquals(16, command.cdb().length);
            assertArrayEquals("abcde".getBytes(), ByteBufUtil.getBytes(command.data()));
        });
    }

    @Test
    public void scsiCommandWithExtendedCdb() {
        String bytes =
                """
                01 80 00 00  02 00 00 00  00 00 00 00 00 00 00 00
                00 00 00 01  00 00 00 00  00 00 00 01  00 00 00 01
                7f 00 00 00 00 00 00 00 00 00 00 00 00 00 00 11
                00 05 01 00 22 33 44 55  # AHS: extended CDB of 4 more bytes
                """;
        decode(bytes, pdu -> {
            byte[] cdb = ((ScsiCommandPdu) pdu).cdb();
            assertEquals(20, cdb.length);
            assertArrayEquals(new byte[] {0x11, 0x22, 0x33, 0x44, 0x55}, java.util.Arrays.copyOfRange(cdb, 15, 20));
        });
    }

    @Test
    public void dataOut() {
        String bytes =
                """
                05 80 00 00  00 00 00 03  00 00 00 00 00 00 00 00
                00 00 00 2a               # task tag
                00 00 00 0b               # transfer tag
                00 00 00 00  00 00 00 09  00 00 00 00
                00 00 00 02               # DataSN
                ff ff f0 00               # Buffer Offset
                00 00 00 00
                01 02 03 00
                """;
        decode(bytes, pdu -> {
            DataOutPdu data = (DataOutPdu) pdu;
            assertTrue(data.isFinal());
            assertEquals(11, data.targetTransferTag());
            assertEquals(2, data.dataSn());
            assertEquals(0xFFFF_F000L, data.bufferOffset());
            assertEquals(3, data.data().readableBytes());
        });
    }

    @Test
    public void loginRequest() {
        String bytes =
                """
                43 87 00 00  00 00 00 00
                80 00 00 01 02 03 00 04   # ISID and TSIH
                00 00 00 05  00 06 00 00  # task tag, CID
                00 00 00 07  00 00 00 00
                00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
                """;
        decode(bytes, pdu -> {
            LoginRequestPdu login = (LoginRequestPdu) pdu;
            assertTrue(login.transits() && !login.isContinued());
            assertEquals(1, login.currentStage());
            assertEquals(3, login.nextStage());
            assertEquals(0x8000_0001_0203L, login.isid());
            assertEquals(4, login.tsih());
            assertEquals(6, login.connectionId());
            assertTrue(login.immediate());
        });
    }

    @Test
    public void otherRequests() {
        String rest = " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 2a 00 00 00 0c"
                + " 00 00 00 07 00 00 00 09 00 00 00 0d 00 00 00 00 00 00 00 00 00 00 00 00";
        decode("02 81 00 00 00 00 00 00" + rest.substring(24), pdu -> {
            TaskManagementRequestPdu request = (TaskManagementRequestPdu) pdu;
            assertEquals(1, request.function());
            assertEquals(12, request.referencedTaskTag());
            assertEquals(13, request.refCmdSn());
        });
        decode("04 c0 00 00 00 00 00 00" + rest.substring(24), pdu -> {
            TextRequestPdu text = (TextRequestPdu) pdu;
            assertTrue(text.isFinal() && text.isContinued());
            assertEquals(12, text.targetTransferTag());
        });
        decode("06 81 00 00 00 00 00 00" + rest.substring(24), pdu -> {
            LogoutRequestPdu logout = (LogoutRequestPdu) pdu;
            assertEquals(1, logout.reason());
            assertEquals(0, logout.connectionId());
        });
        decode(
                "40 80 00 00 00 00 00 00" + rest.substring(24),
                pdu -> assertEquals(12, ((NopOutPdu) pdu).targetTransferTag()));
        decode("10 80 00 00 00 00 00 00" + rest.substring(24), pdu -> assertTrue(pdu instanceof SnackRequestPdu));
        RejectedPdu unknown = decodeOne(bytes("1c 80 00 00 00 00 00 00" + rest.substring(24)), false);
        assertEquals(RejectReason.COMMAND_NOT_SUPPORTED, unknown.reason());
    }

    @Test
    public void digestsAreChecked() {
        // CRC32C of 48 and of 8 bytes, least significant byte first.
        byte[] plain = bytes(SCSI_WRITE);
        byte[] whole = withDigests(plain);
        InitiatorPdu good = decodeOne(whole, true);
        assertEquals(5, good.data().readableBytes());
        good.data().release();
        whole[54] ^= 1;
        RejectedPdu corrupt = decodeOne(whole, true);
        assertEquals(RejectReason.DATA_DIGEST_ERROR, corrupt.reason());
        whole[20] ^= 1;
        EmbeddedChannel channel = new EmbeddedChannel(decoder(true));
        assertThrows(ProtocolException.class, () -> channel.writeInbound(Unpooled.wrappedBuffer(whole)));
        channel.finishAndReleaseAll();
    }

    @Test
    public void lengthIsCheckedBeforeAnythingArrives() {
        byte[] header = bytes(SCSI_WRITE);
        header[5] = (byte) 0xFF;
        EmbeddedChannel channel = new EmbeddedChannel(decoder(false));
        ByteBuf received = Unpooled.wrappedBuffer(header, 0, 48);
        assertThrows(ProtocolException.class, () -> channel.writeInbound(received));
        channel.finishAndReleaseAll();
    }

    @Test
    public void thousandPdusInOneBuffer() {
        byte[] one = bytes(SCSI_WRITE);
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < 1000; i++) {
            all.writeBytes(one);
        }
        EmbeddedChannel channel = new EmbeddedChannel(decoder(false));
        channel.writeInbound(all);
        for (int i = 0; i < 1000; i++) {
            InitiatorPdu pdu = channel.readInbound();
            assertEquals(5, pdu.data().readableBytes());
            pdu.data().release();
        }
        assertEquals(0, all.refCnt());
    }

    @Test
    public void connectionLostInADataSegment() {
        EmbeddedChannel channel = new EmbeddedChannel(decoder(false));
        ByteBuf part = channel.alloc().directBuffer().writeBytes(bytes(SCSI_WRITE), 0, 50);
        channel.writeInbound(part);
        channel.close();
        assertEquals(0, part.refCnt());
    }

    @Test
    public void aPieceOfADataSegmentKeepsNoLargeBuffer() {
        byte[] pdu = new byte[48 + 8000];
        pdu[0] = 0x41;
        pdu[1] = (byte) 0xA1;
        ByteBuffer.wrap(pdu).putInt(4, 8000).putInt(20, 8000);
        for (int i = 48; i < pdu.length; i++) {
            pdu[i] = (byte) i;
        }
        EmbeddedChannel channel = new EmbeddedChannel(decoder(false));
        for (byte one : pdu) {
            ByteBuf received = Unpooled.directBuffer(65536).writeByte(one);
            channel.writeInbound(received);
            assertEquals(0, received.refCnt());
        }
        InitiatorPdu whole = channel.readInbound();
        assertEquals(Unpooled.wrappedBuffer(pdu, 48, 8000), whole.data());
        assertTrue(whole.data().capacity() <= 8000);
        whole.data().release();
        assertFalse(channel.finish());
    }

    @Test
    public void largePiecesOfADataSegmentKeepNoMuchLargerBuffers() {
        byte[] pdu = new byte[48 + 8000 * 10];
        pdu[0] = 0x41;
        pdu[1] = (byte) 0xA1;
        ByteBuffer.wrap(pdu).putInt(4, 80_000).putInt(20, 80_000);
        for (int i = 48; i < pdu.length; i++) {
            pdu[i] = (byte) i;
        }
        PduDecoder decoder = new PduDecoder(8192);
        decoder.enterFullFeaturePhase(262_144, false, false);
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        channel.writeInbound(Unpooled.directBuffer(20_048).writeBytes(pdu, 0, 20_048));
        ByteBuf large = Unpooled.directBuffer(524_288).writeBytes(pdu, 20_048, 20_000);
        channel.writeInbound(large);
        assertEquals(0, large.refCnt());
        ByteBuf fitting = Unpooled.directBuffer(32_768).writeBytes(pdu, 40_048, 20_000);
        channel.writeInbound(fitting);
        assertEquals("it is not copied", 1, fitting.refCnt());
        channel.writeInbound(Unpooled.directBuffer(524_288).writeBytes(pdu, 60_048, 20_000));
        InitiatorPdu whole = channel.readInbound();
        assertEquals(Unpooled.wrappedBuffer(pdu, 48, 80_000), whole.data());
        whole.data().release();
        assertFalse(channel.finish());
    }

    @Test
    public void whatComesWhilePausedWaitsInOrder() {
        PduDecoder decoder = decoder(false);
        List<Integer> tags = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(decoder, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                InitiatorPdu pdu = (InitiatorPdu) message;
                tags.add(pdu.initiatorTaskTag());
                pdu.data().release();
                decoder.pause();
            }
        });
        int count = 7;
        ByteBuf all = Unpooled.directBuffer();
        for (int tag = 0; tag < count; tag++) {
            ByteBuf pdu = Unpooled.buffer().writeBytes(bytes(SCSI_WRITE)).setInt(16, tag);
            all.writeBytes(pdu);
            pdu.release();
        }
        // The first buffer is paused in after its first PDU, and two more come.
        int third = all.readableBytes() / 3;
        channel.writeInbound(all.readRetainedSlice(third), all.readRetainedSlice(third), all);
        assertEquals(List.of(0), tags);
        for (int i = 1; i < count; i++) {
            decoder.resume();
            assertEquals(i + 1, tags.size());
        }
        decoder.resume();
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), tags);
        assertEquals(0, all.refCnt());
        channel.finish();
    }

    @Test
    public void stoppedInTheMiddleOfABuffer() {
        PduDecoder decoder = decoder(false);
        int[] count = new int[1];
        EmbeddedChannel channel = new EmbeddedChannel(decoder, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ((InitiatorPdu) message).data().release();
                count[0]++;
                decoder.stop();
            }
        });
        ByteBuf two = Unpooled.buffer().writeBytes(bytes(SCSI_WRITE)).writeBytes(bytes(SCSI_WRITE));
        channel.writeInbound(two);
        assertEquals(1, count[0]);
        assertEquals(0, two.refCnt());
        channel.finish();
    }

    private static void decode(String text, Consumer<InitiatorPdu> check) {
        byte[] bytes = bytes(text);
        for (int cut = 0; cut < bytes.length; cut++) {
            EmbeddedChannel channel = new EmbeddedChannel(decoder(false));
            channel.writeInbound(Unpooled.copiedBuffer(bytes, 0, cut));
            assertNull(channel.<InitiatorPdu>readInbound());
            channel.writeInbound(Unpooled.copiedBuffer(bytes, cut, bytes.length - cut));
            InitiatorPdu pdu = channel.readInbound();
            check.accept(pdu);
            pdu.data().release();
            assertFalse(channel.finish());
        }
    }

    private static <T> T decodeOne(byte[] bytes, boolean digests) {
        EmbeddedChannel channel = new EmbeddedChannel(decoder(digests));
        channel.writeInbound(Unpooled.copiedBuffer(bytes));
        return channel.readInbound();
    }

    private static PduDecoder decoder(boolean digests) {
        PduDecoder decoder = new PduDecoder(8192);
        decoder.enterFullFeaturePhase(8192, digests, digests);
        return decoder;
    }

    private static byte[] withDigests(byte[] plain) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        ByteBuf out = Unpooled.buffer().writeBytes(plain, 0, 48);
        crc.update(plain, 0, 48);
        out.writeIntLE((int) crc.getValue());
        crc.reset();
        crc.update(plain, 48, plain.length - 48);
        out.writeBytes(plain, 48, plain.length - 48).writeIntLE((int) crc.getValue());
        byte[] whole = new byte[out.readableBytes()];
        out.readBytes(whole);
        return whole;
    }

    private static byte[] bytes(String annotated) {
        return HexFormat.of().parseHex(annotated.replaceAll("#.*", "").replaceAll("\\s", ""));
    }
}
