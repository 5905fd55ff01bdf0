package io.sluice.manager;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.config.IscsiName;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus.State;
import io.sluice.manager.document.MailJson;
import io.sluice.manager.document.SharedJson;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.target.ScsiTarget;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;

/** Commands that come through the gateway which stands by, over the records of the storage. */
public class SharedCommandsTest {

    private static final String DISK = "disk0";
    private static final String FIRST = "iqn.2026-11.io.sluice:first";
    private static final String SECOND = "iqn.2026-11.io.sluice:second";
    private static final String INITIATOR = "iqn.2026-11.io.sluice:initiator";
    private static final String REGISTER = "5f 00 00 00 00 00 00 00 18 00";
    private static final String RESERVE = "5f 01 05 00 00 00 00 00 18 00";
    private static final String RELEASE = "5f 02 05 00 00 00 00 00 18 00";
    private static final String CLEAR = "5f 03 00 00 00 00 00 00 18 00";
    private static final String PREEMPT = "5f 04 05 00 00 00 00 00 18 00";
    private static final String READ_FULL_STATUS = "5e 03 00 00 00 00 00 08 00 00";
    private static final String REPORT_GROUPS = "a3 0a 00 00 00 00 00 00 00 ff 00 00";
    private static final int BOTH_GROUPS = 4 + 2 * 12;
    private static final String IN_TRANSITION = "CHECK_CONDITION 02040A";
    private static final String STANDS_BY = "CHECK_CONDITION 02040B";
    private static final String STRANGER = "0123456789ab";

    private final GatewayFixture first = new GatewayFixture();
    private final GatewayFixture second = new GatewayFixture();
    private final SharedPlace place = new SharedPlace();
    private Nexus here;
    private Nexus there;

    @Rule
    public final RuleChain order = RuleChain.outerRule(first).around(second);

    @Before
    public void makeDisks() throws Exception {
        second.firstTargetPort = 1001;
        second.change = Duration.ofSeconds(30);
        second.restart();
        make(first, FIRST);
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        make(second, SECOND);
        Eventually.isEqual(State.STANDBY, () -> second.stateOf(DISK));
        Eventually.isEqual(2L, () -> records("gateway."));
        here = logIn(first, FIRST, 1);
        there = logIn(second, SECOND, 1);
    }

    @After
    public void letGo() {
        place.late.complete(null);
    }

    private void make(GatewayFixture gateway, String target) throws Exception {
        gateway.gateway.addProvider(place.provider());
        Eventually.isTrue(() -> gateway.gateway.backstoreTypes().stream()
                .anyMatch(type -> type.type().equals("shared")));
        gateway.gateway.createBackstore(new BackstoreRequest(
                DISK, "shared", 1 << 20, 512, 0, false, false, false, false, 0, Map.of("shared", "yes")));
        gateway.gateway.createTarget(new IscsiName(target), List.of(DISK));
    }

    private long records(String prefix) {
        return place.records.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .count();
    }

    private static ScsiTarget target(GatewayFixture gateway) {
        return gateway.published.get(0);
    }

    private static Nexus logIn(GatewayFixture gateway, String name, int isid) throws Exception {
        ScsiTarget.Port port = target(gateway).ports().get(0);
        Nexus nexus = target(gateway)
                .open(
                        new InitiatorPort(INITIATOR, isid),
                        new TargetPort(name, port.groupTag(), port.number()),
                        NexusRights.ALL);
        // The ports of the other gateway are new to it as well.
        Eventually.isEqual(
                BOTH_GROUPS,
                () -> send(gateway, nexus, REPORT_GROUPS, new byte[0]).data().length);
        Eventually.isEqual(0, () -> attention(gateway, nexus));
        return nexus;
    }

    /** Takes the next unit attention; returns code and qualifier, or 0. */
    private static int attention(GatewayFixture gateway, Nexus nexus) throws Exception {
        SimpleTask sense = send(gateway, nexus, "03 00 00 00 fc 00", new byte[0]);
        return ByteBuffer.wrap(sense.data()).getShort(12);
    }

    private static SimpleTask send(GatewayFixture gateway, Nexus nexus, String cdb, byte[] list) {
        SimpleTask task = new SimpleTask(nexus, cdb, list);
        target(gateway).execute(task);
        return task;
    }

    private SimpleTask there(String cdb, long key, long actionKey) {
        return send(second, there, cdb, list(key, actionKey));
    }

    private static byte[] list(long key, long actionKey) {
        return ByteBuffer.allocate(24).putLong(key).putLong(actionKey).array();
    }

    private byte[] fullStatus(GatewayFixture gateway, Nexus nexus) throws Exception {
        SimpleTask status = send(gateway, nexus, READ_FULL_STATUS, new byte[0]);
        assertEquals("GOOD", status.end());
        return status.data();
    }

    private void expectSame() throws Exception {
        assertArrayEquals(fullStatus(first, here), fullStatus(second, there));
    }

    private int registrations() throws Exception {
        return SharedJson.state(place.records.getOrDefault("state", new byte[0]))
                .registrations()
                .size();
    }

    private void expectNoMail() throws Exception {
        Eventually.isEqual(0L, () -> records("mail.") + records("reply."));
    }

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
        int reads = place.reads.get(name);
        Eventually.isTrue(() -> place.reads.get(name) >= reads + 2);
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
        Eventually.isEqual(0, () -> attention(second, there));
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
        Eventually.isEqual(0, () -> attention(second, there));
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

    private void leave(String json) {
        place.records.put("mail." + STRANGER, json.getBytes(StandardCharsets.UTF_8));
    }

    private static String mail(String term, long number, String cdb) {
        RemoteCommand command = new RemoteCommand(
                new InitiatorPort(INITIATOR, 9),
                new TargetPort(SECOND, 1, 1),
                Arrays.copyOf(HexFormat.ofDelimiter(" ").parseHex(cdb), 16),
                list(0, 0xBAD));
        return new String(
                MailJson.write(new MailJson.Mail("stranger", List.of(new MailJson.Letter(number, term, command)))),
                StandardCharsets.UTF_8);
    }

    private String term() throws Exception {
        return SharedJson.name(place.records.get("server")).term();
    }

    /** What was left has been looked at when something that came later is done; that leaves no registration. */
    private void expectLooked() throws Exception {
        place.records.remove("reply." + STRANGER);
        SimpleTask task = there("5f 06 00 00 00 00 00 00 18 00", 0, 0xB);
        assertEquals("GOOD", task.end());
        assertEquals("GOOD", there(REGISTER, 0xB, 0).end());
    }

    @Test
    public void mailForAnotherTimeIsNotDone() throws Exception {
        String before = term();
        second.gateway.takeOverBackstore(DISK, false);
        first.gateway.takeOverBackstore(DISK, false);
        Eventually.isEqual(State.STANDBY, () -> second.stateOf(DISK));
        Eventually.isEqual(0, () -> attention(second, there));
        assertFalse(before.equals(term()));
        leave(mail(before, 1, REGISTER));
        expectLooked();
        assertEquals(0, registrations());
        leave(mail(term(), 1, REGISTER));
        Eventually.isEqual(1, this::registrations);
    }

    @Test
    public void mailIsDoneOnce() throws Exception {
        leave(mail(term(), 5, REGISTER));
        Eventually.isEqual(1, this::registrations);
        assertEquals("GOOD", there("5f 06 00 00 00 00 00 00 18 00", 0, 0xB).end());
        assertEquals("GOOD", there(CLEAR, 0xB, 0).end());
        leave(mail(term(), 5, REGISTER) + " ");
        leave(mail(term(), 4, REGISTER));
        expectLooked();
        assertEquals(0, registrations());
    }

    @Test
    public void nonsenseIsRefusedAndSaidSeldom() throws Exception {
        String good = mail(term(), 1, REGISTER);
        List<String> nonsense = List.of(
                "",
                "\0\1\2",
                "null",
                "[]",
                "{}",
                "7",
                "{\"version\":1}",
                "{\"version\":1,\"sender\":\"s\",\"letters\":[null]}",
                "{\"version\":\"1\",\"sender\":\"s\",\"letters\":[]}",
                "[".repeat(50_000),
                good.substring(0, good.length() / 2),
                good.replace("\"isid\":9", "\"isid\":-1"),
                good.replace("\"isid\":9", "\"isid\":281474976710656"),
                good.replace("\"number\":1", "\"number\":0"),
                good.replace("\"group\":1", "\"group\":65536"),
                good.replace("\"cdb\":\"5f", "\"cdb\":\"xy"),
                good.replace("\"cdb\":\"5f", "\"cdb\":\"5f" + "00".repeat(300)),
                good.replace("\"list\":\"", "\"list\":\"" + "00".repeat(8200)),
                good.replace(INITIATOR, "x".repeat(300)),
                good.replace("\"letters\":[", "\"letters\":[" + "{},".repeat(20)));
        for (String text : nonsense) {
            leave(text);
            expectLooked();
            assertEquals(text, 0, registrations());
        }
        leave(mail(term(), 1, "2a 00 00 00 00 00 00 00 01 00"));
        Eventually.isEqual(1L, () -> records("reply." + STRANGER));
        String refused = new String(place.records.get("reply." + STRANGER), StandardCharsets.UTF_8);
        assertTrue(refused, refused.contains("\"status\":2"));
        int lines = first.logged("record mail." + STRANGER + " is not taken").size()
                + second.logged("record mail." + STRANGER + " is not taken").size();
        assertTrue(lines + " lines", lines >= 1 && lines < 5);
    }

    @Test
    public void mailOfAnotherReleaseIsRefusedAndSaid() throws Exception {
        leave(mail(term(), 1, REGISTER).replace("\"version\":1", "\"version\":2"));
        Eventually.isEqual(1L, () -> records("reply." + STRANGER));
        MailJson.Replies replies = MailJson.replies(place.records.get("reply." + STRANGER));
        assertEquals("stranger", replies.sender());
        assertTrue(replies.refused());
        assertEquals(0, registrations());
        assertEquals(
                1,
                first.logged("it has the version 2, and this gateway knows 1").size()
                        + second.logged("it has the version 2, and this gateway knows 1")
                                .size());
    }
}
