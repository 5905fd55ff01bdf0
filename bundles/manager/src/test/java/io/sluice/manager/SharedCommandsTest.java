package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreStatus.State;
import io.sluice.manager.document.MailJson;
import io.sluice.scsi.Nexus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** Commands that come through the gateway which stands by, over the records of the storage. */
public class SharedCommandsTest extends SharedCommandsFixture {

    @Test
    public void eachPathIsRegisteredByItself() throws Exception {
        assertEquals("GOOD", there(REGISTER, 0, 0xB).end());
        assertEquals(1, registrations());
        expectSame();
        assertEquals("GOOD", send(first, here, REGISTER, list(0, 0xB)).end());
        assertEquals("GOOD", there(RESERVE, 0xB, 0).end());
        expectSame();
        assertEquals("RESERVATION_CONFLICT", there(CLEAR, 0xBAD, 0).end());
        assertEquals(
                "CHECK_CONDITION 052604",
                there("5f 02 01 00 00 00 00 00 18 00", 0xB, 0).end());
        expectSame();
        expectNoMail();
    }

    @Test
    public void itIsAnsweredIfNobodyTellsAnybodyOfNews() throws Exception {
        place.notices = false;
        assertEquals("GOOD", there(REGISTER, 0, 0xB).end());
        assertEquals("GOOD", there(CLEAR, 0xB, 0).end());
        expectSame();
        expectNoMail();
    }

    @Test
    public void whatComesTogetherIsDoneInTurn() throws Exception {
        List<SimpleTask> tasks =
                List.of(there(REGISTER, 0, 0xB), there(RESERVE, 0xB, 0), there(RELEASE, 0xB, 0), there(CLEAR, 0xB, 0));
        for (SimpleTask task : tasks) {
            assertEquals("GOOD", task.end());
        }
        assertEquals(0, registrations());
        expectSame();
    }

    @Test
    public void moreThanFitIsBusy() throws Exception {
        place.readLate = name -> name.startsWith("mail.");
        for (int i = 0; i < 16; i++) {
            there("5f 06 00 00 00 00 00 00 18 00", 0, 0xB0 + i);
        }
        Eventually.isEqual(1L, () -> records("mail."));
        assertEquals("BUSY", there("5f 06 00 00 00 00 00 00 18 00", 0, 0xBF).end());
    }

    @Test
    public void nexusesOfBothGatewaysAreTold() throws Exception {
        Nexus victim = logIn(second, SECOND, 2);
        assertEquals("GOOD", there(REGISTER, 0, 0xB).end());
        assertEquals("GOOD", send(second, victim, REGISTER, list(0, 0xC)).end());
        assertEquals("GOOD", send(first, here, REGISTER, list(0, 0xC)).end());
        assertEquals("GOOD", there(PREEMPT, 0xB, 0xC).end());
        assertEquals(0x2A05, attention(first, here));
        Eventually.isEqual(0x2A05, () -> attention(second, victim));
        assertEquals(0, attention(second, there));
        assertEquals("GOOD", send(first, here, REGISTER, list(0, 0xA)).end());
        assertEquals("GOOD", send(first, here, CLEAR, list(0xA, 0)).end());
        Eventually.isEqual(0x2A03, () -> attention(second, there));
    }

    /** It has been told of all of it before, by the gateway that has the disk no more. */
    @Test
    public void nobodyIsToldTwice() throws Exception {
        assertEquals("GOOD", there(REGISTER, 0, 0xB).end());
        assertEquals("GOOD", send(first, here, REGISTER, list(0, 0xA)).end());
        assertEquals("GOOD", send(first, here, CLEAR, list(0xA, 0)).end());
        Eventually.isEqual(0x2A03, () -> attention(second, there));
        second.gateway.takeOverBackstore(DISK, false);
        Eventually.isEqual(State.STANDBY, () -> first.stateOf(DISK));
        TreeSet<Integer> told = new TreeSet<>();
        Eventually.isEqual(0, () -> {
            int next = attention(second, there);
            told.add(next);
            return next;
        });
        assertFalse(told.toString(), told.contains(0x2A03));
    }

    /** The gateway stands by already, and has not let go of the disk. */
    @Test
    public void whatWasSavedBeforeTheDiskWasGivenIsTold() throws Exception {
        registerBoth();
        place.writtenLate = name -> name.equals("state");
        place.writtenLast = name -> name.equals("server");
        SimpleTask clear = send(first, here, CLEAR, list(0xA, 0));
        CompletableFuture<Void> given = give();
        Eventually.isEqual(State.STANDBY, () -> first.stateOf(DISK));
        place.late.complete(null);
        assertEquals("GOOD", clear.end());
        place.last.complete(null);
        given.get(30, TimeUnit.SECONDS);
        assertTrue(toldToSecond().contains(0x2A03));
    }

    /** The storage takes its time for the first of them. */
    @Test
    public void whatWaitsToBeToldIsToldBeforeTheDiskIsClosed() throws Exception {
        registerBoth();
        assertEquals("GOOD", send(first, here, RESERVE, list(0xA, 0)).end());
        place.writtenLate = name -> name.equals("attentions");
        assertEquals("GOOD", send(first, here, RELEASE, list(0xA, 0)).end());
        assertEquals("GOOD", send(first, here, CLEAR, list(0xA, 0)).end());
        String before = server();
        CompletableFuture<Void> given = give();
        Eventually.isTrue(() -> !server().equals(before));
        int reads = place.reads.get("server");
        Eventually.isTrue(() -> place.reads.get("server") >= reads + 3);
        place.late.complete(null);
        given.get(30, TimeUnit.SECONDS);
        Set<Integer> told = toldToSecond();
        assertTrue(told.toString(), told.containsAll(Set.of(0x2A03, 0x2A04)));
    }

    /** What is to be told is known only when it is saved. */
    @Test
    public void whatIsBeingSavedWhenTheDiskIsGivenIsTold() throws Exception {
        registerBoth();
        place.writtenLate = name -> name.equals("state");
        SimpleTask clear = send(first, here, CLEAR, list(0xA, 0));
        String before = server();
        CompletableFuture<Void> given = give();
        Eventually.isTrue(() -> !server().equals(before));
        int reads = place.reads.get("server");
        Eventually.isTrue(() -> place.reads.get("server") >= reads + 3);
        place.late.complete(null);
        assertEquals("GOOD", clear.end());
        given.get(30, TimeUnit.SECONDS);
        assertTrue(toldToSecond().contains(0x2A03));
    }

    private void registerBoth() throws Exception {
        assertEquals("GOOD", there(REGISTER, 0, 0xB).end());
        assertEquals("GOOD", send(first, here, REGISTER, list(0, 0xA)).end());
    }

    private CompletableFuture<Void> give() {
        return CompletableFuture.runAsync(() -> {
            try {
                second.gateway.takeOverBackstore(DISK, false);
            } catch (ConfigException refused) {
                throw new CompletionException(refused);
            }
        });
    }

    private Set<Integer> toldToSecond() throws Exception {
        Set<Integer> told = new TreeSet<>();
        int next = attention(second, there);
        while (next != 0) {
            told.add(next);
            next = attention(second, there);
        }
        return told;
    }

    @Test
    public void whatIsTakenBackIsNotDone() throws Exception {
        place.readLate = name -> name.startsWith("mail.");
        SimpleTask task = there(REGISTER, 0, 0xB);
        Eventually.isEqual(1L, () -> records("mail."));
        target(second).close(there).toCompletableFuture().join();
        assertEquals("aborted", task.end());
        Eventually.isEqual(0L, () -> records("mail."));
        place.late.complete(null);
        there = logIn(second, SECOND, 1);
        assertEquals("GOOD", there("5f 06 00 00 00 00 00 00 18 00", 0, 0xC).end());
        assertEquals(1, registrations());
    }

    /** It was seen already, and waits for the one before it. */
    @Test
    public void whatIsTakenBackBehindAnotherIsNotDone() throws Exception {
        Nexus other = logIn(second, SECOND, 2);
        place.writtenLate = name -> name.equals("state");
        SimpleTask before = there(REGISTER, 0, 0xB);
        SimpleTask task = send(second, other, REGISTER, list(0, 0xC));
        expectSeen(2);
        target(second).close(other).toCompletableFuture().join();
        assertEquals("aborted", task.end());
        expectSeen(1);
        place.late.complete(null);
        assertEquals("GOOD", before.end());
        assertEquals("GOOD", there("5f 06 00 00 00 00 00 00 18 00", 0, 0xB).end());
        assertEquals(1, registrations());
    }

    /** Who serves the disk has read so many commands: what it has read before its last look has been taken. */
    private void expectSeen(int letters) throws Exception {
        Eventually.isEqual(1L, () -> records("mail."));
        String name = place.records.keySet().stream()
                .filter(record -> record.startsWith("mail."))
                .findFirst()
                .orElseThrow();
        Eventually.isEqual(
                letters,
                () -> MailJson.mail(place.records.get(name), 16).letters().size());
        int reads = place.reads.getOrDefault(name, 0);
        Eventually.isTrue(() -> place.reads.getOrDefault(name, 0) >= reads + 2);
    }

    @Test
    public void whoTakesTheDiskDoesNotDoWhatTheOtherMayHaveDone() throws Exception {
        place.readLate = name -> name.startsWith("mail.");
        SimpleTask task = there(REGISTER, 0, 0xB);
        Eventually.isEqual(1L, () -> records("mail."));
        second.gateway.takeOverBackstore(DISK, true);
        assertTrue("it does not wait for who is gone", task.ended());
        assertEquals(IN_TRANSITION, task.end());
        assertEquals(0, registrations());
        settle(second, there);
        assertEquals("GOOD", there(REGISTER, 0, 0xB).end());
        expectNoMail();
    }

    @Test
    public void whoDiesBetweenDoingAndAnsweringHasDoneIt() throws Exception {
        place.writtenLate = name -> name.startsWith("reply.");
        SimpleTask task = there(REGISTER, 0, 0xB);
        Eventually.isEqual(1, this::registrations);
        assertFalse(task.ended());
        second.gateway.takeOverBackstore(DISK, true);
        assertEquals(IN_TRANSITION, task.end());
        settle(second, there);
        byte[] status = fullStatus(second, there);
        assertEquals("it is registered", 0xB, ByteBuffer.wrap(status).getLong(8));
    }

    @Test
    public void whoHasAnsweredBeforeItDiedIsBelieved() throws Exception {
        place.notices = false;
        place.readLate = name -> name.startsWith("reply.");
        SimpleTask task = there(REGISTER, 0, 0xB);
        Eventually.isEqual(1L, () -> records("reply."));
        Eventually.isTrue(() -> place.reads.keySet().stream().anyMatch(name -> name.startsWith("reply.")));
        place.readLate = name -> false;
        second.gateway.takeOverBackstore(DISK, true);
        assertEquals("GOOD", task.end());
        place.late.complete(null);
    }

    @Test
    public void whoDoesNotAnswerIsNotWaitedForForEver() throws Exception {
        place.readLate = name -> name.startsWith("mail.");
        SimpleTask task = there(REGISTER, 0, 0xB);
        assertEquals(IN_TRANSITION, task.end());
        Eventually.isEqual(0L, () -> records("mail."));
    }

    /** A gateway of an earlier release serves the disk, and reads no mail. */
    @Test
    public void whoPerformsNothingForOthersIsNotAsked() throws Exception {
        byte[] server = "{\"gateway\":\"aaaaaaaaaaaa\",\"host\":\"older\"}".getBytes(StandardCharsets.US_ASCII);
        place.records.put("server", server);
        assertEquals(STANDS_BY, there(REGISTER, 0, 0xB).end());
        assertEquals(0, records("mail."));
    }
}
