package io.sluice.iscsi.connection;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.iscsi.pdu.BasicHeader;
import io.sluice.iscsi.pdu.ProtocolException;
import io.sluice.iscsi.pdu.RejectReason;
import io.sluice.iscsi.pdu.TextRequestPdu;
import io.sluice.iscsi.pdu.TextResponsePdu;
import io.sluice.iscsi.session.Directory;
import io.sluice.iscsi.session.SendTargets;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.text.Negotiation;
import io.sluice.iscsi.text.TextCodec;
import io.sluice.iscsi.text.TextException;
import io.sluice.iscsi.text.TextKey;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Text requests of the full feature phase (RFC 7143 11.10, 11.11), which in practice ask for targets. */
final class TextExchange {

    private static final byte[] NOTHING = new byte[0];

    /** So long lists may take, of time that other connections need, before this one rests for several times as long. */
    private static final long LISTING_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final int REST = 4;

    private final Connection connection;
    private final Session session;
    private final Supplier<Directory> directory;
    private TextCodec question = new TextCodec();
    private int asked;
    private byte[] answer = NOTHING;
    private int answered;
    /** How long lists have taken since the last rest. */
    private long listing;

    private int transferTag = BasicHeader.NO_TAG;

    TextExchange(Connection connection, Session session, Supplier<Directory> directory) {
        this.connection = connection;
        this.session = session;
        this.directory = directory;
    }

    void onRequest(TextRequestPdu pdu) throws ProtocolException {
        byte[] text = ByteBufUtil.getBytes(pdu.data());
        pdu.data().release();
        boolean begins = pdu.targetTransferTag() == BasicHeader.NO_TAG;
        if (begins) {
            reset();
        } else if (pdu.targetTransferTag() != transferTag) {
            throw ProtocolException.reject(RejectReason.PROTOCOL_ERROR, "unknown target transfer tag");
        }
        if (pdu.isContinued() && pdu.isFinal()) {
            throw ProtocolException.reject(RejectReason.PROTOCOL_ERROR, "F and C bit together");
        }
        try {
            boolean more = answered < answer.length;
            if (!more) {
                collect(text);
            }
            if (pdu.isContinued()) {
                respond(pdu, NOTHING, false, false);
                return;
            }
            if (!more) {
                Map<String, String> pairs = question.take();
                forgetQuestion();
                keep(answerTo(pairs));
            }
        } catch (TextException broken) {
            reset();
            throw ProtocolException.reject(RejectReason.PROTOCOL_ERROR, broken.getMessage());
        }
        respondNextPart(pdu);
    }

    private void respondNextPart(TextRequestPdu pdu) {
        int limit = connection.parameters().initiatorMaxRecvDataSegmentLength();
        int length = Math.min(limit, answer.length - answered);
        byte[] part = Arrays.copyOfRange(answer, answered, answered + length);
        answered += length;
        boolean more = answered < answer.length;
        respond(pdu, part, !more && pdu.isFinal(), more);
        if (!more) {
            letGo();
        }
    }

    /** A question takes memory until it is complete. */
    private void collect(byte[] text) throws ProtocolException, TextException {
        if (text.length > 0 && !connection.budget().takeUnasked(text.length)) {
            throw ProtocolException.reject(RejectReason.TOO_MANY_IMMEDIATE_COMMANDS, "no memory for the text");
        }
        asked += text.length;
        question.add(text);
    }

    private void forgetQuestion() {
        if (asked > 0) {
            connection.budget().releaseUnasked(asked);
        }
        asked = 0;
    }

    /** An answer takes memory until all of it is asked for. */
    private void keep(byte[] text) throws ProtocolException {
        letGo();
        if (text.length > 0 && !connection.budget().takeUnasked(text.length)) {
            throw ProtocolException.reject(RejectReason.TOO_MANY_IMMEDIATE_COMMANDS, "no memory for the answer");
        }
        answer = text;
    }

    private void letGo() {
        if (answer.length > 0) {
            connection.budget().releaseUnasked(answer.length);
        }
        answer = NOTHING;
        answered = 0;
    }

    /** Nothing is asked for any more. */
    void stop() {
        forgetQuestion();
        letGo();
    }

    private void respond(TextRequestPdu pdu, byte[] part, boolean isFinal, boolean continued) {
        if (isFinal) {
            transferTag = BasicHeader.NO_TAG;
        } else if (transferTag == BasicHeader.NO_TAG) {
            transferTag = connection.nextTransferTag();
        }
        connection.write(new TextResponsePdu(
                isFinal, continued, pdu.lun(), pdu.initiatorTaskTag(), transferTag, Unpooled.wrappedBuffer(part)));
    }

    private void reset() {
        question = new TextCodec();
        forgetQuestion();
        letGo();
        transferTag = BasicHeader.NO_TAG;
    }

    private byte[] answerTo(Map<String, String> pairs) throws TextException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            out.writeBytes(answerTo(pair.getKey(), pair.getValue()));
        }
        // A request that is refused changes nothing, so this comes when all of it has been read (RFC 7143 7.12).
        String declared = pairs.get(TextKey.MAX_RECV_DATA_SEGMENT_LENGTH.key());
        if (declared != null) {
            connection.declareMaxRecvDataSegmentLength(
                    Negotiation.declaredNumber(TextKey.MAX_RECV_DATA_SEGMENT_LENGTH, declared));
        }
        return out.toByteArray();
    }

    /** A list of many targets takes long, and a stranger may ask for it again and again. */
    private byte[] list(String value) {
        long begin = System.nanoTime();
        byte[] list = new SendTargets(directory.get(), connection.admitted()).answer(value, session.targetName());
        listing += System.nanoTime() - begin;
        if (listing >= LISTING_NANOS) {
            connection.rest(REST * listing);
            listing = 0;
        }
        return list;
    }

    private byte[] answerTo(String key, String value) throws TextException {
        if (key.equals(TextKey.SEND_TARGETS.key())) {
            byte[] list = list(value);
            if (list == null) {
                throw new TextException("SendTargets=" + value.replaceAll("[^ -~]", "?") + " has no place here");
            }
            return list;
        }
        if (key.equals(TextKey.MAX_RECV_DATA_SEGMENT_LENGTH.key()) || key.equals(TextKey.INITIATOR_ALIAS.key())) {
            return NOTHING;
        }
        if (TextKey.find(key) != null) {
            throw new TextException(key + " is negotiated at login only");
        }
        return TextCodec.encode(List.of(Map.entry(key, Negotiation.NOT_UNDERSTOOD)));
    }
}
