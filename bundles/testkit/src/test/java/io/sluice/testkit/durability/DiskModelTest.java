package io.sluice.testkit.durability;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** Each kind of damage is seen, and nothing that is allowed is called damage. */
public class DiskModelTest {

    private static final int BLOCK = 512;
    private static final int BLOCKS = 16;

    private DiskModel model = new DiskModel(0, BLOCK, BLOCKS, true);
    private final byte[] disk = new byte[BLOCKS * BLOCK];

    private Write send(long lba, int count, Write.Kind kind) {
        return model.send(1, lba, count, kind);
    }

    private Write acknowledged(long lba, int count, Write.Kind kind) {
        Write write = send(lba, count, kind);
        model.acknowledged(write);
        return write;
    }

    private Write acknowledged() {
        return acknowledged(0, 1, Write.Kind.CACHED);
    }

    private void flush() {
        model.flushed(model.sending());
    }

    /** Puts the first blocks of a write on the disk. */
    private void land(Write write, int count) {
        System.arraycopy(model.data(write), 0, disk, (int) write.lba() * BLOCK, count * BLOCK);
    }

    private void land(Write write) {
        land(write, write.blocks());
    }

    private ByteBuffer block(long lba) {
        return ByteBuffer.wrap(disk, (int) lba * BLOCK, BLOCK);
    }

    private Verdict check() {
        return model.check(0, block(0));
    }

    private Damage whole() {
        return model.check(this::block, Rule.FENCED, Long.MAX_VALUE);
    }

    @Test
    public void whatWasNotFencedMayBeThereOrNot() {
        Write write = acknowledged();
        assertEquals(Verdict.INTACT, check());
        land(write);
        assertEquals(Verdict.INTACT, check());
    }

    @Test
    public void whatWasFencedIsThere() {
        Write write = acknowledged();
        flush();
        assertEquals(Verdict.LOST, check());
        land(write);
        assertEquals(Verdict.INTACT, check());
    }

    @Test
    public void aFlushThatWasSentBeforeTheAnswerIsNoFence() {
        Write write = send(0, 1, Write.Kind.CACHED);
        long flush = model.sending();
        model.acknowledged(write);
        model.flushed(flush);
        assertEquals(Verdict.INTACT, check());
    }

    @Test
    public void forceUnitAccessIsAFenceForItselfOnly() {
        acknowledged(1, 1, Write.Kind.CACHED);
        acknowledged(0, 1, Write.Kind.FUA);
        assertEquals(Verdict.LOST, check());
        assertEquals(Verdict.INTACT, model.check(1, block(1)));
    }

    @Test
    public void withoutAWriteCacheEveryAnswerIsAFence() {
        model = new DiskModel(0, BLOCK, BLOCKS, false);
        acknowledged();
        assertEquals(Verdict.LOST, check());
    }

    @Test
    public void whatWasSentAfterTheFenceMayBeThere() {
        acknowledged();
        flush();
        land(send(0, 1, Write.Kind.CACHED));
        assertEquals(Verdict.INTACT, check());
    }

    @Test
    public void ofTwoThatWereUnderWayTogetherEitherMayBeThere() {
        Write first = send(0, 1, Write.Kind.CACHED);
        Write second = send(0, 1, Write.Kind.CACHED);
        model.acknowledged(second);
        model.acknowledged(first);
        flush();
        land(first);
        assertEquals(Verdict.INTACT, check());
        land(second);
        assertEquals(Verdict.INTACT, check());
    }

    @Test
    public void ofTwoThatCameOneAfterTheOtherTheSecondHasToBeThere() {
        Write first = acknowledged();
        Write second = acknowledged();
        flush();
        land(first);
        assertEquals(Verdict.LOST, check());
        land(second);
        assertEquals(Verdict.INTACT, check());
    }

    @Test
    public void whatWasWrittenOverBeforeIsResurrected() {
        Write old = acknowledged();
        flush();
        acknowledged();
        flush();
        acknowledged();
        flush();
        land(old);
        assertEquals(Verdict.RESURRECTED, check());
    }

    @Test
    public void whatWasWrittenOverTwiceBeforeOneFenceIsResurrected() {
        Write old = acknowledged();
        acknowledged();
        acknowledged(0, 1, Write.Kind.FUA);
        land(old);
        assertEquals(Verdict.RESURRECTED, check());
    }

    @Test
    public void anUnmappedBlockIsZeroAndStaysSo() {
        Write old = acknowledged();
        flush();
        land(old);
        acknowledged(0, 4, Write.Kind.ZEROS);
        assertEquals(Verdict.INTACT, check());
        flush();
        assertEquals(Verdict.LOST, check());
        disk[0] = 0;
        assertEquals(Verdict.TORN, check());
        java.util.Arrays.fill(disk, (byte) 0);
        assertEquals(Verdict.INTACT, check());
    }

    @Test
    public void zerosOverWhatWasFencedAreLost() {
        acknowledged();
        acknowledged();
        flush();
        assertEquals("it was zero before the first of them", Verdict.RESURRECTED, check());
    }

    @Test
    public void partOfABlockIsTorn() {
        Write write = acknowledged();
        land(write);
        disk[300] ^= 1;
        assertEquals(Verdict.TORN, check());
    }

    @Test
    public void theBlockOfAnotherPlaceOrDiskIsForeign() {
        Write write = acknowledged(0, 2, Write.Kind.CACHED);
        land(write);
        System.arraycopy(disk, BLOCK, disk, 0, BLOCK);
        assertEquals(Verdict.FOREIGN, check());
        new Stamp(1, 0, write.sequence(), 1).fill(block(0));
        assertEquals(Verdict.FOREIGN, check());
    }

    @Test
    public void whatNobodySentWasNeverWritten() {
        acknowledged();
        new Stamp(0, 0, 99, 1).fill(block(0));
        assertEquals(Verdict.NEVER_WRITTEN, check());
        new Stamp(0, 5, model.sending(), 1).fill(block(5));
        assertEquals(Verdict.NEVER_WRITTEN, model.check(5, block(5)));
    }

    @Test
    public void whatWasRefusedMustNotBeThere() {
        Write write = send(0, 1, Write.Kind.CACHED);
        model.refused(write);
        land(write);
        assertEquals(Verdict.NEVER_WRITTEN, check());
        acknowledged();
        flush();
        assertEquals(Verdict.NEVER_WRITTEN, check());
    }

    @Test
    public void whatFailedMayBeThereUntilSomethingNewerIsFenced() {
        Write write = send(0, 1, Write.Kind.CACHED);
        model.failed(write);
        land(write);
        assertEquals(Verdict.INTACT, check());
        acknowledged(0, 1, Write.Kind.FUA);
        assertEquals(Verdict.LOST, check());
    }

    @Test
    public void whatNeverEndedMayLandLate() {
        Write write = send(0, 1, Write.Kind.CACHED);
        acknowledged(0, 1, Write.Kind.FUA);
        land(write);
        assertEquals(Verdict.INTACT, check());
    }

    @Test
    public void aReadReturnsWhatWasAnsweredBefore() {
        Write old = acknowledged();
        acknowledged();
        land(old);
        assertEquals(Verdict.INTACT, check());
        assertEquals(Verdict.LOST, model.check(0, block(0), Rule.ACKNOWLEDGED, model.sending()));
    }

    @Test
    public void anAtomicWriteIsThereWhollyOrNotAtAll() {
        Write old = acknowledged(0, 4, Write.Kind.FUA);
        land(old);
        Write atomic = send(0, 4, Write.Kind.ATOMIC);
        assertTrue(whole().toString(), whole().none());
        land(atomic, 2);
        assertEquals(whole().toString(), 1, whole().count(Verdict.TORN));
        land(atomic);
        assertTrue(whole().toString(), whole().none());
    }

    @Test
    public void anAtomicWriteThatWasWrittenOverInPartIsWhole() {
        Write atomic = acknowledged(0, 4, Write.Kind.ATOMIC);
        land(atomic);
        land(send(1, 2, Write.Kind.CACHED));
        assertTrue(whole().toString(), whole().none());
    }

    @Test
    public void anOrdinaryWriteMayBeThereInPart() {
        Write old = acknowledged(0, 4, Write.Kind.FUA);
        land(old);
        land(send(0, 4, Write.Kind.CACHED), 2);
        assertTrue(whole().toString(), whole().none());
    }

    @Test
    public void theDamageOfADiskIsCountedAndNamed() {
        acknowledged(3, 2, Write.Kind.FUA);
        Damage damage = whole();
        assertFalse(damage.none());
        assertEquals(
                "14 intact, 2 lost: block 3 lost what had to be there; block 4 lost what had to be there",
                damage.toString());
    }

    @Test
    public void whatWasFoundIsWhatHasToBeThereNow() {
        Write first = acknowledged();
        Write second = acknowledged();
        land(first);
        model.settle(this::block);
        assertEquals(Verdict.INTACT, check());
        land(second);
        assertEquals("it had not survived", Verdict.RESURRECTED, check());
    }

    @Test
    public void thePastIsJudgedByWhatHadBeenFencedThen() {
        model = new DiskModel(0, BLOCK, BLOCKS, true, true, new AtomicLong());
        Write first = acknowledged(0, 1, Write.Kind.FUA);
        Write marker = send(1, 1, Write.Kind.CACHED);
        Write second = acknowledged(0, 1, Write.Kind.FUA);
        Write late = send(1, 1, Write.Kind.CACHED);
        land(first);
        assertEquals(Verdict.INTACT, model.check(0, block(0), Rule.FENCED, marker.sequence()));
        assertEquals(Verdict.LOST, model.check(0, block(0), Rule.FENCED, late.sequence()));
        land(second);
        assertEquals(Verdict.INTACT, model.check(0, block(0), Rule.FENCED, marker.sequence()));
    }
}
