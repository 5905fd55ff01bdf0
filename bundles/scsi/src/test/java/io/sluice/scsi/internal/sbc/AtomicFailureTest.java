package io.sluice.scsi.internal.sbc;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Fault;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.ScriptedStorage;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.target.CopyDomain;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.volume.Volume;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.Test;

/** A WRITE ATOMIC of which every step fails, or is the last one of the process: whoever reads finds all old or all new. */
public class AtomicFailureTest {

    private static final int LBA = 3;
    private static final int COUNT = 6;
    private static final int MOST_STEPS = 30;
    private static final byte[] OLD = filled(1);
    private static final byte[] NEW = filled(7);
    private static final byte[] NEWER = filled(11);
    private static final String WRITE = "9c 00 00 00 00 00 00 00 00 03 00 00 00 06 00 00";
    private static final String WRITE_STABLE = "2a 08 00 00 00 03 00 00 06 00";
    private static final String READ = "28 00 00 00 00 03 00 00 06 00";

    private final Random random = new Random(20261128);
    private int images;

    /** Every block is another one, and the third is the same before and after. */
    private static byte[] filled(int seed) {
        byte[] data = new byte[COUNT * ScriptedStorage.BLOCK];
        for (int i = 0; i < data.length; i++) {
            int block = i / ScriptedStorage.BLOCK;
            data[i] = (byte) (block == 2 ? 99 : seed * 16 + block);
        }
        return data;
    }

    private static ScriptedStorage storage() {
        byte[] content = new byte[16 * ScriptedStorage.BLOCK];
        System.arraycopy(OLD, 0, content, LBA * ScriptedStorage.BLOCK, OLD.length);
        return new ScriptedStorage(content);
    }

    /** A unit over the storage, with an initiator. */
    private static final class Unit {
        private final ScriptedStorage storage;
        private final ScsiTarget target = new ScsiTarget(TestUnit.TARGET);
        private final Volume volume;
        private final Nexus nexus;

        private Unit(ScriptedStorage storage) throws Exception {
            this.storage = storage;
            volume = TestUnit.volume("unit", storage.store.geometry());
            LogicalUnit unit = new LogicalUnit(
                    volume,
                    TestUnit.IDENTITY,
                    new UnitOptions(false, false, false),
                    storage.state,
                    storage.state.load(),
                    new CopyDomain());
            target.map(0, unit, false);
            nexus = target.open(
                    new InitiatorPort("iqn.2026-11.io.sluice:initiator", 1),
                    new TargetPort(TestUnit.TARGET, 1, 1),
                    NexusRights.ALL);
            volume.attach(storage.store);
            run("03 00 00 00 fc 00", new byte[0]);
        }

        private TestTask run(String cdb, byte[] data) {
            byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(cdb);
            TestTask task = new TestTask(nexus, 0, bytes, data, data.length == 0 ? COUNT * ScriptedStorage.BLOCK : 0);
            target.execute(task);
            return task;
        }

        private TestTask writeAtomic() {
            return run(WRITE, NEW);
        }

        /** The operator opens the store anew. */
        private void reopen() {
            volume.trust();
            volume.detach("on purpose").toCompletableFuture().join();
            volume.attach(storage.store).toCompletableFuture().join();
            run("03 00 00 00 fc 00", new byte[0]);
        }
    }

    private static void expectWhole(byte[] found) {
        assertTrue("torn: " + Arrays.toString(found), Arrays.equals(OLD, found) || Arrays.equals(NEW, found));
    }

    /** Whatever survives, whoever comes next finds one of the two. */
    private void expectWholeAfterTheEnd(ScriptedStorage storage) throws Exception {
        expectWhole(new Unit(storage.afterKill())
                .run(READ, new byte[0])
                .expectGood()
                .data());
        for (int i = 0; i < 3; i++) {
            images++;
            ScriptedStorage image = storage.afterPowerLoss(random);
            expectWhole(new Unit(image).run(READ, new byte[0]).expectGood().data());
            assertEquals("nothing is kept any more", 0, image.filesLeft());
        }
    }

    private void fail(Fault fault, IntPredicate which) throws Exception {
        ScriptedStorage storage = storage().failing(fault, which);
        Unit unit = new Unit(storage);
        TestTask write = unit.writeAtomic();
        storage.failing(fault, step -> false);
        assertTrue(storage.steps() + " steps", storage.steps() < MOST_STEPS);
        expectWholeAfterTheEnd(storage);
        byte[] expected = write.status() == Status.GOOD ? NEW : OLD;
        TestTask read = unit.run(READ, new byte[0]);
        if (read.status() == Status.GOOD) {
            assertArrayEquals(expected, read.data());
            byte[] survives = new Unit(storage.afterPowerLoss(random))
                    .run(READ, new byte[0])
                    .expectGood()
                    .data();
            assertArrayEquals("what was read survives", expected, survives);
        } else {
            assertNotEquals(Status.GOOD, write.status());
            read.expectSense(Sense.UNRECOVERED_READ_ERROR).expectInformation(LBA);
            unit.reopen();
            byte[] whole = unit.run(READ, new byte[0]).expectGood().data();
            expectWhole(whole);
        }
        expectNewerDataToStay(unit);
    }

    /** Nothing that was kept aside comes back over what is written later. */
    private void expectNewerDataToStay(Unit unit) throws Exception {
        if (!unit.volume.status().problem().isEmpty()) {
            unit.reopen();
        }
        assertEquals("", unit.volume.status().problem());
        unit.run(WRITE_STABLE, NEWER).expectGood();
        unit.run(READ, new byte[0]).expectGood(NEWER);
        new Unit(unit.storage.afterKill()).run(READ, new byte[0]).expectGood(NEWER);
        new Unit(unit.storage.afterPowerLoss(random)).run(READ, new byte[0]).expectGood(NEWER);
    }

    @Test
    public void aFailureAtEachStep() throws Exception {
        for (Fault fault : new Fault[] {Fault.OUT_OF_SPACE, Fault.WRITE_FAILED, Fault.NOT_READY}) {
            for (int first = 0; first < MOST_STEPS; first++) {
                int step = first;
                fail(fault, at -> at == step);
                fail(fault, at -> at >= step);
            }
        }
    }

    @Test
    public void aFailureAtEachStepAndAnotherAtEachStepOfUndoing() throws Exception {
        for (Fault fault : new Fault[] {Fault.OUT_OF_SPACE, Fault.WRITE_FAILED}) {
            for (int first = 0; first < MOST_STEPS; first++) {
                for (int second = first + 1; second < MOST_STEPS; second++) {
                    int one = first;
                    int two = second;
                    fail(fault, at -> at == one || at == two);
                }
            }
        }
        System.out.println("atomic writes: seed 20261128, " + images + " images after a power loss, 0 torn");
    }

    @Test
    public void aKillAtEachStepWithAFailureAtEachStepBefore() throws Exception {
        for (int kill = 0; kill < MOST_STEPS; kill++) {
            for (int failure = -1; failure < kill; failure++) {
                int failing = failure;
                ScriptedStorage storage = storage().killAt(kill).failing(Fault.OUT_OF_SPACE, at -> at == failing);
                TestTask write = new Unit(storage).writeAtomic();
                expectWholeAfterTheEnd(storage);
                if (write.ended() && write.status() == Status.GOOD) {
                    byte[] survives = new Unit(storage.afterPowerLoss(random))
                            .run(READ, new byte[0])
                            .expectGood()
                            .data();
                    assertArrayEquals("what was acknowledged", NEW, survives);
                }
            }
        }
    }

    @Test
    public void aKillAtEachStepOfWhatTheNextStartUndoes() throws Exception {
        for (int kill = 0; kill < MOST_STEPS; kill++) {
            ScriptedStorage interrupted = storage().killAt(kill);
            new Unit(interrupted).writeAtomic();
            for (int again = 0; again < MOST_STEPS; again++) {
                ScriptedStorage next = interrupted.afterPowerLoss(random).killAt(again);
                new Unit(next);
                expectWholeAfterTheEnd(next);
            }
        }
    }
}
