package io.sluice.scsi.internal.server;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.TaskAttribute;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.internal.unit.InitiatorTraffic;
import io.sluice.scsi.internal.unit.LunMapping;
import io.sluice.scsi.internal.unit.LunTraffic;
import io.sluice.scsi.internal.unit.NexusView;
import io.sluice.scsi.internal.unit.Traffic;
import io.sluice.scsi.target.ScsiTarget;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.Test;

/** The end of a nexus and of a mapping: what came through it is over, and nothing comes through it any more. */
public class LivesTest {

    private static final String READ = "28 00 00 00 00 00 00 00 01 00";
    private static final String WRITE = "2a 00 00 00 00 00 00 00 01 00";
    private static final String OTHER_TARGET = "iqn.2026-11.io.sluice:other";

    private final TestUnit unit = TestUnit.thin();

    @Test
    public void noTaskBeginsOnceItsNexusCloses() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask running = unit.run(READ).expectRunning();
        CompletableFuture<Void> closed = unit.target.close(unit.nexus).toCompletableFuture();
        unit.write(WRITE, unit.pattern(1, 1)).expectAborted();
        unit.run("12 00 00 00 ff 00").expectAborted();
        assertFalse(closed.isDone());
        held.complete(null);
        running.expectAborted();
        assertTrue(closed.isDone());
        unit.write(WRITE, unit.pattern(1, 1)).expectAborted();
        assertArrayEquals(new byte[512], unit.store.bytes(0, 1));
        assertTrue(
                "closing twice",
                unit.target.close(unit.nexus).toCompletableFuture().isDone());
    }

    /** One thread writes as fast as it can while another closes the nexus: what is on the medium then stays. */
    @Test(timeout = 120_000)
    public void noWriteIsLate() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        int late = 0;
        int tries = 10_000;
        Nexus[] nexuses = new Nexus[tries];
        for (int i = 0; i < tries; i++) {
            nexuses[i] = unit.open(1000 + i);
            unit.run(nexuses[i], "03 00 00 00 ff 00").expectGood();
        }
        Thread writer = new Thread(() -> {
            try {
                for (Nexus nexus : nexuses) {
                    together.await();
                    for (int n = 1; n <= 5; n++) {
                        byte[] data = new byte[512];
                        data[0] = (byte) n;
                        unit.write(nexus, WRITE, data);
                    }
                    together.await();
                }
            } catch (Exception interrupted) {
                throw new AssertionError(interrupted);
            }
        });
        writer.start();
        for (Nexus nexus : nexuses) {
            together.await();
            unit.target.close(nexus).toCompletableFuture().join();
            byte[] then = unit.store.bytes(0, 1);
            together.await();
            late += then[0] == unit.store.bytes(0, 1)[0] ? 0 : 1;
        }
        writer.join();
        assertEquals("late writes", 0, late);
    }

    @Test
    public void whatWaitsEndsWithTheMapping() throws Exception {
        TestTask data = unit.send(unit.task(unit.nexus, WRITE, new byte[512], 0).holdData());
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask running = unit.write(WRITE, unit.pattern(1, 5)).expectRunning();
        TestTask blocks = unit.write("89 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00", new byte[1024]);
        TestTask turn = unit.send(unit.task(unit.nexus, READ, new byte[0], 512).with(TaskAttribute.ORDERED));
        blocks.expectRunning();
        turn.expectRunning();
        CompletableFuture<Void> unmapped = unit.target.unmap(0).toCompletableFuture();
        data.expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        blocks.expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        turn.expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        running.expectRunning();
        assertFalse(unmapped.isDone());
        held.complete(null);
        running.expectGood();
        assertTrue(unmapped.isDone());
    }

    @Test
    public void aLongCommandBeginsNoOtherOperationWhenItsMappingIsGone() {
        CompletableFuture<Void> held = unit.store.holdNext();
        byte[] list = java.util.HexFormat.ofDelimiter(" ")
                .parseHex("00 26 00 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 "
                        + "00 00 00 00 00 00 00 01 00 00 00 01 00 00 00 00");
        TestTask task = unit.write("42 00 00 00 00 00 00 00 28 00", list).expectRunning();
        CompletableFuture<Void> unmapped = unit.target.unmap(0).toCompletableFuture();
        assertFalse(unmapped.isDone());
        held.complete(null);
        assertTrue(unmapped.isDone());
        task.expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        assertEquals(1, unit.store.unmaps);
    }

    @Test
    public void aTaskThatComesLateDoesNotTouchTheStore() {
        DeviceServer server = io.sluice.scsi.target.LogicalUnits.server(unit.unit);
        LunMapping mapping = new LunMapping(
                0,
                server.unit(),
                server,
                false,
                (NexusView) unit.nexus,
                new Traffic(new LunTraffic(), new InitiatorTraffic()));
        mapping.end();
        server.endGone().toCompletableFuture().join();
        TestTask late = unit.task(unit.nexus, WRITE, unit.pattern(1, 1), 0);
        server.execute(late, mapping);
        late.expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        assertArrayEquals(new byte[512], unit.store.bytes(0, 1));
    }

    @Test
    public void aReserveEndsWithItsNexusAlsoIfTheLunIsGoneAlready() throws Exception {
        ScsiTarget second = new ScsiTarget(OTHER_TARGET);
        second.map(5, unit.unit, false);
        Nexus there = second.open(
                new InitiatorPort("iqn.2026-11.io.sluice:initiator", 9),
                new TargetPort(OTHER_TARGET, 1, 2),
                NexusRights.ALL);
        unit.run("16 00 00 00 00 00").expectGood();
        unit.target.unmap(0).toCompletableFuture().join();
        assertEquals(Status.RESERVATION_CONFLICT, readThere(second, there).status());
        unit.target.close(unit.nexus).toCompletableFuture().join();
        readThere(second, there).expectGood();
    }

    /** The first command clears the unit attention. */
    private TestTask readThere(ScsiTarget target, Nexus nexus) {
        TestTask sense = new TestTask(nexus, 5L << 48, new byte[] {3, 0, 0, 0, (byte) 255, 0}, new byte[0], 255);
        target.execute(sense);
        TestTask read = new TestTask(nexus, 5L << 48, new byte[] {0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0}, new byte[0], 512);
        target.execute(read);
        return read;
    }
}
