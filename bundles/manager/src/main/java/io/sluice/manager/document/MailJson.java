package io.sluice.manager.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.Status;
import io.sluice.scsi.TargetPort;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Commands that a gateway which stands by leaves for the one that serves the disk, and what these have ended with, as JSON. What is
 * read is taken as if anybody had written it.
 */
public final class MailJson {

    /** The only one that there is. What another one means is not known, so none of it is performed. */
    private static final int VERSION = 1;

    private static final int MOST_NAME = 223;
    private static final int MOST_CDB = 260;
    private static final int LEAST_CDB = 16;
    private static final int MOST_SENSE = 252;
    private static final long ISIDS = 1L << 48;
    private static final HexFormat HEX = HexFormat.of();
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private MailJson() {}

    /** What has been read is of another version. */
    public static final class OtherVersionException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient String sender;

        OtherVersionException(String version, String sender) {
            super("it has the version " + version + ", and this gateway knows " + VERSION
                    + ": have both gateways run the same release");
            this.sender = sender;
        }

        /** Returns who has written it, as {@link Mail#sender}; empty if that is not known. */
        public String sender() {
            return sender;
        }
    }

    /**
     * What a gateway waits for.
     *
     * @param sender its process
     * @param letters in the order in which the commands came
     */
    public record Mail(String sender, List<Letter> letters) {}

    /**
     * A command.
     *
     * @param number larger than those before it of the same sender
     * @param term of the gateway that is to perform it, {@link SharedJson.Name#term}: no other one does
     * @param command the command
     */
    public record Letter(long number, String term, RemoteCommand command) {}

    /**
     * What commands of a sender have ended with.
     *
     * @param sender whose commands they were
     * @param term of the gateway that has performed them
     * @param refused whether that one does not understand the sender
     * @param answers one for each command that has ended, and that the sender still waits for
     */
    public record Replies(String sender, String term, boolean refused, List<Reply> answers) {}

    /** What a command has ended with. */
    public record Reply(long number, RemoteCommand.Answer answer) {}

    record MailDocument(int version, String sender, List<LetterDocument> letters) {}

    record LetterDocument(
            long number, String term, String initiator, long isid, String target, int group, String cdb, String list) {}

    record RepliesDocument(int version, String sender, String term, boolean refused, List<ReplyDocument> answers) {}

    record ReplyDocument(long number, int status, String sense) {}

    /** Writes mail. */
    public static byte[] write(Mail mail) {
        return bytes(new MailDocument(
                VERSION,
                mail.sender(),
                mail.letters().stream().map(MailJson::document).toList()));
    }

    private static LetterDocument document(Letter letter) {
        RemoteCommand command = letter.command();
        return new LetterDocument(
                letter.number(),
                letter.term(),
                command.initiator().iscsiName(),
                command.initiator().isid(),
                command.target().iscsiName(),
                command.target().groupTag(),
                HEX.formatHex(command.cdb()),
                HEX.formatHex(command.parameters()));
    }

    /**
     * Reads mail.
     *
     * @param most letters that there may be
     * @throws IOException if it is none, or says what none can say; the message is for the operator
     */
    public static Mail mail(byte[] json, int most) throws IOException {
        MailDocument read = read(json, MailDocument.class);
        try {
            require(read.letters().size() <= most, "it has more than " + most + " commands");
            require(!read.sender().isEmpty(), "it has no sender");
            return new Mail(
                    read.sender(), read.letters().stream().map(MailJson::letter).toList());
        } catch (RuntimeException wrong) {
            throw new IOException(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static Letter letter(LetterDocument read) {
        byte[] cdb = HEX.parseHex(read.cdb());
        byte[] list = HEX.parseHex(read.list());
        require(cdb.length >= LEAST_CDB && cdb.length <= MOST_CDB, "a CDB has " + cdb.length + " bytes");
        require(list.length <= RemoteCommand.MOST_PARAMETER_BYTES, "a parameter list has " + list.length + " bytes");
        require(isName(read.initiator()) && isName(read.target()), "a name is none");
        require(read.isid() >= 0 && read.isid() < ISIDS, "an ISID is none");
        require(read.number() > 0 && read.term() != null, "a command has no number");
        return new Letter(
                read.number(),
                read.term(),
                new RemoteCommand(
                        new InitiatorPort(read.initiator(), read.isid()),
                        new TargetPort(read.target(), read.group(), read.group()),
                        cdb,
                        list));
    }

    private static boolean isName(String name) {
        return name != null && !name.isEmpty() && name.length() <= MOST_NAME;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Writes replies. */
    public static byte[] write(Replies replies) {
        return bytes(new RepliesDocument(
                VERSION,
                replies.sender(),
                replies.term(),
                replies.refused(),
                replies.answers().stream()
                        .map(reply -> new ReplyDocument(
                                reply.number(),
                                reply.answer().status().code(),
                                HEX.formatHex(reply.answer().sense())))
                        .toList()));
    }

    /**
     * Reads replies.
     *
     * @throws IOException if there are none, or they say what none can say; the message is for the operator
     */
    public static Replies replies(byte[] json) throws IOException {
        RepliesDocument read = read(json, RepliesDocument.class);
        try {
            return new Replies(
                    read.sender(),
                    read.term(),
                    read.refused(),
                    read.answers().stream().map(MailJson::reply).toList());
        } catch (RuntimeException wrong) {
            throw new IOException(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static Reply reply(ReplyDocument read) {
        Status status = Arrays.stream(Status.values())
                .filter(known -> known.code() == read.status())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the status " + read.status() + " is not known"));
        byte[] sense = HEX.parseHex(read.sense());
        require(sense.length <= MOST_SENSE, "sense data has " + sense.length + " bytes");
        require(sense.length > 0 == (status == Status.CHECK_CONDITION), "sense data does not go with its status");
        return new Reply(read.number(), new RemoteCommand.Answer(status, sense));
    }

    private static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("records of plain values cannot fail to be written", impossible);
        }
    }

    private static <T> T read(byte[] json, Class<T> kind) throws IOException {
        try {
            JsonNode document = MAPPER.readTree(json);
            JsonNode version = document.path("version");
            if (version.isInt() && version.intValue() != VERSION) {
                throw new OtherVersionException(
                        version.asText(), document.path("sender").asText());
            }
            require(version.isInt(), "it has no version");
            return MAPPER.treeToValue(document, kind);
        } catch (JsonProcessingException | IllegalArgumentException wrong) {
            throw new IOException("it is not understood", wrong);
        }
    }
}
