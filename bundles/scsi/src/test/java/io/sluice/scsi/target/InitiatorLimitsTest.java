package io.sluice.scsi.target;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.pace.Pacer;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.LimitConfig;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Lun;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.Status;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.TaskAttribute;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.internal.tpc.CopyLists;
import io.sluice.testkit.ManualClock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** A limit is one for all that an initiator does, slows nobody else down, and holds up no function that ends commands. */
public class InitiatorLimitsTest {

    private static final String ONE = "iqn.2026-11.io.sluice:one";
    private static final String TWO = "iqn.2026-11.io.sluice:two";
    private static final String READ = "28 00 00 00 00 00 00 00 01 00";
    private static final String WRITE = "2a 00 00 00 00 00 00 00 01 00";
    private static final String SYNCHRONIZE_CACHE = "35 00 00 00 00 00 00 00 00 00";
    private static final String TEST_UNIT_READY = "00 00 00 00 00 00";
    private static final String INQUIRY = "12 00 00 00 ff 00";
    private static final String WEB = "web";
    private static final int BLOCK = 512;
    private static final int MANY = 300;

    @Rule
    public final Timeout patience = Timeout.seconds(60);

    private final TestUnit unit = TestUnit.thin();
    private final ManualClock clock = new ManualClock();
    private final InitiatorLimits limits = new InitiatorLimits(clock);
    private final ScsiTarget one = new ScsiTarget(ONE, limits);
    private final ScsiTarget two = new ScsiTarget(TWO, limits);
    private Nexus web;
    private Nexus other;

    @Before
    public void logIn() throws Exception {
        one.map(0, unit.unit, false);
        two.map(0, unit.unit, false);
        web = open(one, WEB, 7);
        other = open(one, "db", 8);
    }

    private Nexus open(ScsiTarget target, String initiator, int isid) throws Exception {
        Nexus nexus = target.open(
                new InitiatorPort("iqn.2026-11.io.sluice:" + initiator, isid),
                new TargetPort(target.name(), 1, 1),
                new NexusRights(null, false, true, "", initiator));
        send(target, task(nexus, "03 00 00 00 ff 00")).expectGood();
        return nexus;
    }

    private static TestTask task(Nexus nexus, String cdb) {
        boolean writes = cdb.startsWith("2a");
        return new TestTask(
                nexus,
                Lun.encode(0),
                HexFormat.ofDelimiter(" ").parseHex(cdb),
                new byte[writes ? BLOCK : 0],
                writes ? 0 : BLOCK);
    }

    private static TestTask send(ScsiTarget target, TestTask task) {
        target.execute(task);
        return task;
    }

    private TestTask send(Nexus nexus, String cdb) {
        return send(one, task(nexus, cdb));
    }

    private void limit(LimitConfig limit) {
        limits.set(List.of(new InitiatorConfig(WEB, null, null, null, null, limit)));
        clock.pass(0);
    }

    private static LimitConfig iops(int iops) {
        return new LimitConfig(iops, 0, 0);
    }

    private List<TestTask> many(ScsiTarget target, Nexus nexus) {
        List<TestTask> tasks = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            tasks.add(send(target, task(nexus, i % 2 == 0 ? READ : WRITE)));
        }
        return tasks;
    }

    private static long good(List<TestTask> tasks) {
        return tasks.stream().filter(task -> task.status() == Status.GOOD).count();
    }

    private TestTask waiting(String cdb) {
        for (int i = 0; i < MANY; i++) {
            TestTask task = send(web, cdb);
            if (!task.ended()) {
                return task;
            }
        }
        throw new AssertionError("nothing waits for the limit");
    }

    private static Pacer pacer(Nexus nexus) {
        return ((TargetNexus) nexus).pacer();
    }

    @Test
    public void commandsBeginAsFastAsTheLimitSays() {
        limit(iops(100));
        List<TestTask> tasks = many(one, web);
        clock.passMillis(1000);
        assertEquals(101, good(tasks), 1);
        clock.passMillis(1000);
        assertEquals(201, good(tasks), 1);
        clock.passMillis(1000);
        assertEquals(MANY, good(tasks));
    }

    @Test
    public void bytesAreCountedAsTheyAreMoved() {
        limit(new LimitConfig(0, LimitConfig.LEAST_BANDWIDTH, 0));
        List<TestTask> tasks = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            tasks.add(send(one, new TestTask(web, 0, bytes("28 00 00 00 00 00 00 00 80 00"), new byte[0], 65_536)));
        }
        clock.passMillis(4000);
        assertEquals(65, good(tasks), 1);
    }

    /** Others may share the limit with a host that announces what it likes. */
    @Test
    public void anAnnouncedLengthCountsAsWhatACommandCanMoveAtMost() {
        limit(new LimitConfig(0, LimitConfig.LEAST_BANDWIDTH, 0));
        send(one, new TestTask(web, 0, bytes(READ), new byte[0], 0xFFFF_FFFFL)).expectGood();
        TestTask next = send(web, READ).expectRunning();
        clock.passMillis(8001);
        next.expectGood();
    }

    private static byte[] bytes(String cdb) {
        return HexFormat.ofDelimiter(" ").parseHex(cdb);
    }

    @Test
    public void sessionsAtAllTargetsShareOneLimit() throws Exception {
        limit(iops(100));
        List<TestTask> tasks = many(one, web);
        tasks.addAll(many(two, open(two, WEB, 9)));
        clock.passMillis(2000);
        assertEquals(201, good(tasks), 1);
    }

    /** Not even where the limited one asks to be alone, or to go first. */
    @Test
    public void anotherInitiatorFeelsNothing() {
        limit(iops(10));
        waiting(WRITE);
        TestTask alone = send(one, task(web, WRITE).with(TaskAttribute.ORDERED)).expectRunning();
        TestTask first =
                send(one, task(web, WRITE).with(TaskAttribute.HEAD_OF_QUEUE)).expectRunning();
        assertEquals(MANY, good(many(one, other)));
        send(one, task(other, WRITE).with(TaskAttribute.ORDERED)).expectGood();
        clock.passMillis(1000);
        alone.expectGood();
        first.expectGood();
    }

    @Test
    public void whatMovesNoBlocksDoesNotWait() {
        limit(iops(10));
        waiting(READ);
        for (String cdb : new String[] {
            TEST_UNIT_READY,
            INQUIRY,
            SYNCHRONIZE_CACHE,
            "a0 00 00 00 00 00 00 00 00 ff 00 00",
            "5e 00 00 00 00 00 00 00 ff 00"
        }) {
            send(web, cdb).expectGood();
        }
    }

    @Test
    public void aWriteWaitsBeforeItsDataIsAskedFor() {
        limit(iops(10));
        TestTask write = waiting(WRITE);
        assertFalse(write.dataAsked());
        clock.passMillis(100);
        write.expectGood();
        assertTrue(write.dataAsked());
    }

    @Test
    public void aChangeCountsForCommandsThatWait() {
        limit(iops(10));
        List<TestTask> tasks = many(one, web);
        clock.passMillis(1000);
        assertEquals(11, good(tasks), 1);
        limit(iops(100));
        clock.passMillis(1000);
        assertEquals(111, good(tasks), 2);
        limit(null);
        assertEquals(MANY, good(tasks));
    }

    @Test
    public void withoutALimitThereIsNothingOnTheWay() {
        assertNull(pacer(web));
        limit(iops(100));
        assertNotNull(pacer(web));
        assertNull("of another initiator", pacer(other));
        assertNull("of none", pacer(unit.nexus));
        many(one, web);
        limit(null);
        assertNull(pacer(web));
        limit(iops(10));
        waiting(READ);
        limits.set(List.of());
        assertNotNull("somebody waits still", pacer(web));
        clock.pass(0);
        assertNull(pacer(web));
    }

    @Test
    public void aNexusThatBecomesAnotherInitiatorHasItsLimit() {
        limit(iops(10));
        waiting(READ);
        one.change(other, new NexusRights(null, false, true, "", WEB));
        send(other, READ).expectRunning();
        one.change(other, new NexusRights(null, false, true, "", "db"));
        send(other, READ).expectGood();
    }

    private void ends(Consumer<TestTask> end) {
        limit(iops(10));
        waiting(READ);
        TestTask read = send(web, READ).expectRunning();
        TestTask write = send(one, task(web, WRITE).holdData()).expectRunning();
        end.accept(write);
        assertTrue("at once", write.ended());
        assertFalse(write.dataAsked());
        int left = read.ended() ? 0 : 1;
        clock.passMillis(1000);
        assertEquals("what was ended has taken nothing of the limit", left, read.status() == Status.GOOD ? 1 : 0);
    }

    private Consumer<TestTask> function(TaskManagementFunction function) {
        return task -> assertTrue(one.manage(function, web, Lun.encode(0), task)
                .toCompletableFuture()
                .isDone());
    }

    @Test
    public void abortTaskEndsACommandThatWaits() {
        ends(function(TaskManagementFunction.ABORT_TASK));
    }

    @Test
    public void abortTaskSetEndsCommandsThatWait() {
        ends(function(TaskManagementFunction.ABORT_TASK_SET));
    }

    @Test
    public void aResetEndsCommandsThatWait() {
        ends(function(TaskManagementFunction.LOGICAL_UNIT_RESET));
    }

    @Test
    public void theEndOfANexusEndsCommandsThatWait() {
        ends(task -> assertTrue(one.close(web).toCompletableFuture().isDone()));
        assertEquals("nothing of it is left", 0, pacer(web).waiting());
    }

    @Test
    public void theEndOfAMappingEndsCommandsThatWait() {
        ends(task -> assertTrue(one.unmap(0).toCompletableFuture().isDone()));
    }

    /** Its reads and writes count like those that the host would send. */
    @Test
    public void aCopyWaitsTooAndIsAbortedAtOnce() {
        limit(iops(10));
        waiting(READ);
        byte[][] units = {CopyLists.target(TestUnit.IDENTITY)};
        byte[] list = CopyLists.list(1, units, CopyLists.segment(0, 0, 8, 0, 100));
        String cdb = "83 00 00 00 00 00 00 00 00 00 " + TestUnit.hex(list.length, 4) + " 00 00";
        TestTask copy = send(one, new TestTask(web, Lun.encode(0), bytes(cdb), list, 0));
        awaitWaiting(2);
        copy.expectRunning();
        one.manage(TaskManagementFunction.ABORT_TASK, web, Lun.encode(0), copy)
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        copy.expectAborted();
        assertEquals(1, pacer(web).waiting());
    }

    /** A copy begins on another thread. */
    private void awaitWaiting(int number) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (pacer(web).waiting() < number) {
            assertTrue("nothing more waits", System.nanoTime() < deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    public void whatCannotBeginInTimeIsBusy() {
        limit(iops(10));
        List<TestTask> tasks = many(one, web);
        clock.pass(Pacer.LONGEST_WAIT.toNanos() + 1);
        assertTrue(tasks.stream().allMatch(TestTask::ended));
        assertEquals(151, good(tasks), 2);
        tasks.get(MANY - 1).expectStatus(Status.BUSY);
    }

    @Test
    public void anOrderedCommandStaysBehindThoseThatWait() {
        limit(iops(10));
        waiting(READ);
        TestTask older = send(web, WRITE).expectRunning();
        TestTask flush = send(one, task(web, SYNCHRONIZE_CACHE).with(TaskAttribute.ORDERED))
                .expectRunning();
        TestTask newer = send(web, TEST_UNIT_READY).expectRunning();
        send(one, task(web, INQUIRY).with(TaskAttribute.HEAD_OF_QUEUE)).expectGood();
        clock.passMillis(150);
        older.expectRunning();
        flush.expectRunning();
        newer.expectRunning();
        clock.passMillis(51);
        older.expectGood();
        flush.expectGood();
        newer.expectGood();
        send(web, TEST_UNIT_READY).expectGood();
    }

    /** It is performed on another thread, and what comes until then is newer all the same. */
    @Test
    public void aCommandHasItsPlaceAsSoonAsTheLimitLetsItBegin() {
        limit(iops(10));
        TestTask older = waiting(WRITE);
        List<TestTask> newer = new ArrayList<>();
        clock.after(TimeUnit.MILLISECONDS.toNanos(100), () -> {
            older.expectRunning();
            newer.add(send(one, task(web, TEST_UNIT_READY).with(TaskAttribute.ORDERED)));
            newer.get(0).expectRunning();
        });
        clock.passMillis(100);
        older.expectGood();
        newer.get(0).expectGood();
    }

    @Test
    public void whatOnlyKeepsItsPlaceGoesOnWhenThoseBeforeItAreAborted() {
        limit(iops(10));
        TestTask older = waiting(READ);
        TestTask flush = send(one, task(web, SYNCHRONIZE_CACHE).with(TaskAttribute.ORDERED))
                .expectRunning();
        function(TaskManagementFunction.ABORT_TASK).accept(older);
        clock.pass(0);
        flush.expectGood();
    }

    @Test
    public void headOfQueueGoesBeforeOthersThatWait() {
        limit(iops(10));
        TestTask simple = waiting(READ);
        TestTask first =
                send(one, task(web, READ).with(TaskAttribute.HEAD_OF_QUEUE)).expectRunning();
        clock.passMillis(101);
        first.expectGood();
        simple.expectRunning();
    }

    /** Without end they would hold up the others, if only the first of all were looked at. */
    @Test
    public void othersAreBusyInTimeBehindThoseAtTheHeadOfTheQueue() {
        limit(iops(10));
        TestTask simple = waiting(READ);
        for (int i = 0; i < MANY; i++) {
            send(one, task(web, READ).with(TaskAttribute.HEAD_OF_QUEUE));
            clock.passMillis(60);
        }
        simple.expectStatus(Status.BUSY);
    }
}
