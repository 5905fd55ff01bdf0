package io.sluice.manager.document;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.Status;
import io.sluice.scsi.TargetPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.Test;

/** Commands and unit attentions between gateways are read as they were meant, or refused in one line. */
public class MailJsonTest {

    private static final InitiatorPort INITIATOR = new InitiatorPort("iqn.2026-11.io.sluice:host", 0x4000_0137_0001L);
    private static final TargetPort TARGET = new TargetPort("iqn.2026-11.io.sluice:disk", 7, 7);
    private static final int MOST = 2;

    private static MailJson.Letter letter(long number) {
        return new MailJson.Letter(
                number, "term", new RemoteCommand(INITIATOR, TARGET, new byte[16], new byte[] {(byte) number, -1}));
    }

    private static byte[] mail() {
        return MailJson.write(new MailJson.Mail("process", List.of(letter(1), letter(2))));
    }

    @Test
    public void commandsAreThoseThatWereLeft() throws IOException {
        MailJson.Mail read = MailJson.mail(mail(), MOST);
        assertEquals("process", read.sender());
        assertEquals(2, read.letters().size());
        MailJson.Letter second = read.letters().get(1);
        assertEquals(2, second.number());
        assertEquals("term", second.term());
        assertEquals(INITIATOR, second.command().initiator());
        assertEquals(TARGET, second.command().target());
        assertArrayEquals(new byte[16], second.command().cdb());
        assertArrayEquals(new byte[] {2, -1}, second.command().parameters());
        assertThrows(IOException.class, () -> MailJson.mail(mail(), 1));
    }

    @Test
    public void repliesAreThoseThatWereGiven() throws IOException {
        RemoteCommand.Answer refused = new RemoteCommand.Answer(Status.CHECK_CONDITION, new byte[] {0x70, 0, 5});
        MailJson.Replies read = MailJson.replies(MailJson.write(new MailJson.Replies(
                "process",
                "term",
                false,
                List.of(
                        new MailJson.Reply(1, new RemoteCommand.Answer(Status.RESERVATION_CONFLICT, new byte[0])),
                        new MailJson.Reply(2, refused)))));
        assertEquals("process", read.sender());
        assertEquals("term", read.term());
        assertFalse(read.refused());
        assertEquals(Status.RESERVATION_CONFLICT, read.answers().get(0).answer().status());
        assertEquals(2, read.answers().get(1).number());
        assertArrayEquals(refused.sense(), read.answers().get(1).answer().sense());
    }

    @Test
    public void repliesThatNoneCanBeAreRefused() {
        for (String wrong : List.of(
                "",
                "7",
                "{'version':1}",
                "{'version':1,'answers':[null]}",
                "{'version':1,'answers':[{'number':1,'status':77,'sense':''}]}",
                "{'version':1,'answers':[{'number':1,'status':2,'sense':''}]}",
                "{'version':1,'answers':[{'number':1,'status':0,'sense':'70'}]}",
                "{'version':1,'answers':[{'number':1,'status':2,'sense':'x'}]}")) {
            IOException refused = assertThrows(wrong, IOException.class, () -> MailJson.replies(text(wrong)));
            assertFalse(refused.getMessage(), refused.getMessage().contains("\n"));
        }
    }

    private static byte[] text(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    @Test
    public void anotherVersionIsSaidWithItsSender() {
        MailJson.OtherVersionException other = assertThrows(
                MailJson.OtherVersionException.class,
                () -> MailJson.mail(text("{'version':2,'sender':'s','letters':'any'}"), MOST));
        assertEquals("s", other.sender());
        assertTrue(other.getMessage(), other.getMessage().contains("have both gateways run the same release"));
    }

    @Test
    public void attentionsAreThoseThatWereTold() throws IOException {
        SharedAttention some = new SharedAttention(
                Sense.REGISTRATIONS_PREEMPTED,
                List.of(new SharedAttention.Ports(INITIATOR, TARGET), new SharedAttention.Ports(INITIATOR, null)),
                new SharedAttention.Ports(INITIATOR, TARGET));
        SharedAttention all = new SharedAttention(Sense.MODE_PARAMETERS_CHANGED, null, null);
        AttentionsJson.Attentions told = new AttentionsJson.Attentions(
                "term", List.of(new AttentionsJson.Numbered(8, some), new AttentionsJson.Numbered(9, all)));
        assertEquals(told, AttentionsJson.read(AttentionsJson.write(told)));
    }

    @Test
    public void attentionsThatNoneCanBeAreRefused() {
        for (String wrong : List.of(
                "",
                "7",
                "{}",
                "{'attentions':[]}",
                "{'term':'t','attentions':[null]}",
                "{'term':'t','attentions':[{'number':1,'code':4,'qualifier':11}]}",
                "{'term':'t','attentions':[{'number':1,'code':42,'qualifier':5,'whom':[null]}]}",
                "{'term':'t','attentions':[{'number':1,'code':42,'qualifier':5,'except':{}}]}")) {
            IOException refused = assertThrows(wrong, IOException.class, () -> AttentionsJson.read(text(wrong)));
            assertFalse(refused.getMessage(), refused.getMessage().contains("\n"));
        }
    }

    /** Whatever becomes of a record, it is read or refused. */
    @Test
    public void changedBytesAreReadOrRefused() {
        Random random = new Random(7);
        byte[] mail = mail();
        byte[] attentions = AttentionsJson.write(new AttentionsJson.Attentions(
                "term",
                List.of(new AttentionsJson.Numbered(
                        1, new SharedAttention(Sense.MODE_PARAMETERS_CHANGED, null, null)))));
        int refused = 0;
        for (int i = 0; i < 5000; i++) {
            byte[] changed = (i % 2 == 0 ? mail : attentions).clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(128);
            }
            try {
                if (i % 2 == 0) {
                    MailJson.mail(changed, MOST);
                } else {
                    AttentionsJson.read(changed);
                }
            } catch (IOException expected) {
                refused++;
            }
        }
        assertTrue(refused + " refused", refused > 1000);
    }
}
