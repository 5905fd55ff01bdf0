package io.sluice.iscsi.transfer;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.access.AccessRules;
import io.sluice.access.Caller;
import io.sluice.access.Grant;
import io.sluice.backstore.SuppliedData;
import io.sluice.config.AccessState;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.iscsi.login.Admitted;
import io.sluice.iscsi.pdu.DataInPdu;
import io.sluice.iscsi.pdu.DataOutPdu;
import io.sluice.iscsi.pdu.R2tPdu;
import io.sluice.iscsi.pdu.ScsiCommandPdu;
import io.sluice.iscsi.pdu.ScsiResponsePdu;
import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.session.SessionRegistry;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Status;
import io.sluice.scsi.TaskAttribute;
import io.sluice.scsi.target.ScsiTarget;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.Before;
import org.junit.Test;

/** How a task ends, and who holds on to its buffers until when. */
public final class IscsiTaskTest {

    private static final int READ = 0xC1;
    private static final int WRITE = 0xA1;

    private final FakeChannel channel = new FakeChannel();
    private SessionRegistry sessions;
    private ScsiTarget target;
    private Admitted admitted;

    @Before
    public void makeASession() {
        target = new ScsiTarget("iqn.2026-11.io.sluice:task");
        AccessRules rules = new AccessRules(
                GatewayConfig.EMPTY.withTargets(List.of(new TargetConfig(
                        new IscsiName(target.name()),
                        true,
                        AccessState.ACTIVE_OPTIMIZED,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        null))),
                name -> null);
        sessions = new SessionRegistry(1, Clock.systemUTC(), name -> target, () -> rules, null);
        InetAddress here = InetAddress.getLoopbackAddress();
        Caller caller = new Caller("iqn.x", here, here, PortalConfig.parse("127.0.0.1"));
        admitted = new Admitted(caller, null, new Grant("", List.of(), false, false, ""));
    }

    private IscsiTask task(int flags, int length, ByteBuf immediate) throws Exception {
        byte[] header = new byte[48];
        header[0] = 1;
        header[1] = (byte) flags;
        ByteBuffer.wrap(header).putInt(20, length);
        return new IscsiTask(
                channel,
                sessions.begin(new InitiatorPort("iqn.x", 1), target, 1, admitted, null),
                new ScsiCommandPdu(header, new byte[0], immediate),
                TaskAttribute.SIMPLE);
    }

    @Test
    public void taskAbortedIsAStatus() throws Exception {
        IscsiTask told = task(WRITE, 4, Unpooled.directBuffer().writeInt(1));
        told.complete(Status.TASK_ABORTED, new byte[0], 0);
        assertEquals(0x40, ((ScsiResponsePdu) channel.written.remove(0)).status());
        assertEquals("the response tells of the slot that is free with it", 1, channel.endingWhenWritten);
        assertEquals(1, channel.ended);
    }

    @Test
    public void silence() throws Exception {
        task(WRITE, 4, Unpooled.directBuffer().writeInt(1)).aborted();
        assertTrue(channel.written.isEmpty());
        assertEquals(1, channel.ended);
    }

    @Test
    public void keptBuffersOutliveTheResponse() throws Exception {
        ByteBuf immediate = Unpooled.directBuffer().writeInt(1);
        IscsiTask task = task(WRITE, 4, immediate);
        task.holds(4);
        assertEquals(4, task.receiveDataOut(4).toCompletableFuture().join()[0].remaining());
        task.keepBuffers();
        task.keepBuffers();
        task.complete(Status.CHECK_CONDITION, new byte[18], 0);
        assertEquals("the response does not wait", 1, channel.written.size());
        assertEquals(1, channel.ended);
        assertEquals(1, immediate.refCnt());
        task.releaseBuffers();
        assertEquals(1, immediate.refCnt());
        assertEquals(0, channel.released);
        channel.onEventLoop = false;
        task.releaseBuffers();
        assertEquals("on the event loop only", 1, immediate.refCnt());
        channel.runPosted();
        assertEquals(0, immediate.refCnt());
        assertEquals(4, channel.released);
        channel.written.forEach(pdu -> pdu.data().release());
    }

    @Test
    public void buffersThatAreReleasedBeforeTheEndAreKeptUntilThen() throws Exception {
        ByteBuf immediate = Unpooled.directBuffer().writeInt(1);
        IscsiTask task = task(WRITE, 4, immediate);
        task.keepBuffers();
        task.releaseBuffers();
        assertEquals(1, immediate.refCnt());
        task.aborted();
        assertEquals(0, immediate.refCnt());
    }

    @Test
    public void suppliedDataIsSentAsItIsAndGivenBackWhenItIsOut() throws Exception {
        IscsiTask task = task(READ, 100, Unpooled.EMPTY_BUFFER);
        assertTrue(task.sendsSuppliedData());
        ByteBuffer[] stores = {part(0, 30), part(30, 60), part(90, 30)};
        boolean[] back = new boolean[1];
        task.dataIn(new SuppliedData(stores, 120, () -> back[0] = true));
        task.complete(Status.GOOD, new byte[0], 120);
        assertEquals("64 bytes each", 2, channel.written.size());
        assertEquals("so little is put together", 1, channel.pieces);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (TargetPdu pdu : channel.written) {
            assertFalse(back[0]);
            ByteBuf data = ((DataInPdu) pdu).data();
            assertTrue(data.isDirect());
            sent.writeBytes(ByteBufUtil.getBytes(data));
            data.release();
        }
        assertTrue(back[0]);
        byte[] expected = new byte[100];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) i;
        }
        assertArrayEquals(expected, sent.toByteArray());
        assertEquals(4, ((DataInPdu) channel.written.get(1)).flags() & 4);
    }

    @Test
    public void suppliedDataOfATaskThatIsAbortedIsGivenBack() throws Exception {
        IscsiTask task = task(READ, 100, Unpooled.EMPTY_BUFFER);
        boolean[] back = new boolean[1];
        task.dataIn(new SuppliedData(new ByteBuffer[] {part(0, 100)}, 100, () -> back[0] = true));
        task.aborted();
        assertTrue(back[0]);
    }

    private static ByteBuffer part(int first, int length) {
        ByteBuffer part = ByteBuffer.allocateDirect(length);
        for (int i = 0; i < length; i++) {
            part.put(i, (byte) (first + i));
        }
        return part;
    }

    private static byte[] header(int tag, int dataSn, int offset, boolean last) {
        byte[] header = new byte[48];
        header[0] = 5;
        header[1] = (byte) (last ? 0x80 : 0);
        ByteBuffer.wrap(header).putInt(20, tag).putInt(36, dataSn).putInt(40, offset);
        return header;
    }

    private static DataOutPdu part(int tag, int dataSn, int offset, int length, boolean last) {
        ByteBuf received = Unpooled.directBuffer(4096).writeZero(17);
        for (int i = 0; i < length; i++) {
            received.writeByte(offset + i);
        }
        ByteBuf data = received.slice(17, length);
        return new DataOutPdu(header(tag, dataSn, offset, last), new byte[0], data);
    }

    /** What stands for a buffer takes more memory than a byte. */
    @Test
    public void smallPartsThatComeOneByOneShareABuffer() throws Exception {
        IscsiTask task = task(WRITE, 1000, Unpooled.EMPTY_BUFFER);
        CompletionStage<ByteBuffer[]> data = task.receiveDataOut(1000);
        int tag = ((R2tPdu) channel.written.remove(0)).targetTransferTag();
        for (int i = 0; i < 999; i++) {
            DataOutPdu part = part(tag, i, i, 1, false);
            task.accept(part);
            assertTrue(task.unsettled());
            task.settle();
            assertEquals("it is copied", 0, part.data().refCnt());
            assertFalse(task.unsettled());
        }
        task.accept(part(tag, 999, 999, 1, true));
        ByteBuffer[] views = data.toCompletableFuture().join();
        assertEquals("what was put together, and the last one as it came", 2, views.length);
        for (int i = 0; i < 999; i++) {
            assertEquals((byte) i, views[0].get(i));
        }
        assertFalse("the engine has seen it", task.unsettled());
        task.aborted();
    }

    @Test
    public void partsThatFillTheirBufferAreNotCopied() throws Exception {
        IscsiTask task = task(WRITE, 1000, Unpooled.EMPTY_BUFFER);
        task.receiveDataOut(1000);
        int tag = ((R2tPdu) channel.written.remove(0)).targetTransferTag();
        ByteBuf received = Unpooled.directBuffer(400).writeZero(400);
        for (int i = 0; i < 2; i++) {
            byte[] header = header(tag, i, 150 * i, false);
            task.accept(new DataOutPdu(header, new byte[0], received.readRetainedSlice(150)));
        }
        task.settle();
        assertEquals(3, received.refCnt());
        task.aborted();
        assertEquals(1, received.refCnt());
        received.release();
    }

    /** What a command that has failed has got is of no use, though the rest of its data is waited for. */
    @Test
    public void dataOfAWriteThatFailsIsLetGo() throws Exception {
        ByteBuf immediate = Unpooled.directBuffer().writeInt(1);
        IscsiTask task = task(WRITE & 0x7F, 1000, immediate);
        task.corrupted(true, false);
        assertEquals(0, immediate.refCnt());
        task.aborted();
    }

    @Test
    public void scratchIsOfTheBudgetAndGoesWithTheTask() throws Exception {
        IscsiTask task = task(WRITE, 4, Unpooled.directBuffer().writeInt(1));
        assertNull("more than there is", task.scratch(4097));
        ByteBuffer scratch = task.scratch(1000);
        assertEquals(1000, scratch.remaining());
        assertEquals(3096, channel.unaskedLeft);
        task.keepBuffers();
        task.complete(Status.GOOD, new byte[0], 4);
        assertEquals("an operation may still be using it", 0, channel.released);
        task.releaseBuffers();
        assertEquals(1000, channel.released);
    }
}
