package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.management.BackstoreStatus.State;
import io.sluice.manager.document.MailJson;
import io.sluice.manager.document.SharedJson;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.TargetPort;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.Test;

/** What is left in the records by who is no gateway of these two, or is not what it says: it is done once, in its time, or refused. */
public class SharedMailTest extends SharedCommandsFixture {

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
        settle(second, there);
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
