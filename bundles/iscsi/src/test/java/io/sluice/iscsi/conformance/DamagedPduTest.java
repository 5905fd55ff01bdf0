package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.CRC_ERROR;
import static io.sluice.iscsi.conformance.Exchanges.assertUntouched;
import static io.sluice.iscsi.conformance.Exchanges.expectSense;
import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.iscsi.session.EndReason;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.Rule;
import org.junit.Test;

/**
 * A thousand PDUs with one to three wrong bits, which CRC32C finds without exception: each is noticed, and nothing of it
 * reaches the medium (RFC 7143 7.8).
 */
public final class DamagedPduTest {

    private static final int PDUS = 1000;
    private static final int DATA_DIGEST_ERROR = 2;
    private static final int MOST_WRONG_BITS = 3;

    /** More than the longest additional header, for a length that says that more is to come. */
    private static final int FILLER = 2048;

    private enum Kind {
        COMMAND,
        COMMAND_WITH_ADDITIONAL_HEADER,
        DATA_OUT,
        TEXT,
        NOP_OUT
    }

    private enum Place {
        HEADER,
        ADDITIONAL_HEADER,
        HEADER_DIGEST,
        DATA,
        DATA_DIGEST
    }

    /** A PDU on the wire, with its digests, and where its parts are. */
    private record Wire(byte[] bytes, int headerEnd, int dataEnd) {

        static Wire of(RawPdu pdu) {
            byte[] plain = pdu.toBytes();
            int headerEnd = RawPdu.HEADER_BYTES + 4 * pdu.int8(4);
            byte[] header = Arrays.copyOf(plain, headerEnd);
            byte[] data = Arrays.copyOfRange(plain, headerEnd, plain.length);
            byte[] bytes = ByteBuffer.allocate(plain.length + 8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(header)
                    .putInt(crc(header))
                    .put(data)
                    .putInt(crc(data))
                    .array();
            return new Wire(bytes, headerEnd, bytes.length - 4);
        }

        private static int crc(byte[] bytes) {
            CRC32C crc = new CRC32C();
            crc.update(bytes);
            return (int) crc.getValue();
        }

        int begin(Place place) {
            return switch (place) {
                case HEADER -> 0;
                case ADDITIONAL_HEADER -> RawPdu.HEADER_BYTES;
                case HEADER_DIGEST -> headerEnd;
                case DATA -> headerEnd + 4;
                case DATA_DIGEST -> dataEnd;
            };
        }

        int end(Place place) {
            return switch (place) {
                case HEADER -> RawPdu.HEADER_BYTES;
                case ADDITIONAL_HEADER -> headerEnd;
                case HEADER_DIGEST -> headerEnd + 4;
                case DATA -> dataEnd;
                case DATA_DIGEST -> bytes.length;
            };
        }

        boolean has(Place place) {
            return begin(place) < end(place);
        }
    }

    @Rule
    public final TestServer server = new TestServer();

    private final Random random = new Random(7143);
    private TestInitiator initiator;
    private int ended;

    private void login() throws IOException {
        initiator = Exchanges.login(server, "HeaderDigest", "CRC32C", "DataDigest", "CRC32C");
    }

    /** What is damaged below is taken when it is whole. */
    @Test
    public void theSamePdusAreTakenWhole() throws IOException {
        login();
        for (Kind kind : Kind.values()) {
            RawPdu pdu = make(kind);
            initiator.sendBytes(Wire.of(pdu).bytes());
            int answer = initiator.receive().opcode();
            boolean expected = answer == RawPdu.TEXT_RESPONSE || answer == RawPdu.NOP_IN;
            assertEquals(kind.toString(), kind == Kind.TEXT || kind == Kind.NOP_OUT, expected);
        }
        assertArrayEquals(ones(BLOCK), server.store().content(0, 1));
    }

    @Test
    public void eachIsFoundAndNothingOfItIsWritten() throws IOException {
        int found = 0;
        login();
        for (int i = 0; i < PDUS; i++) {
            Kind kind = Kind.values()[i % Kind.values().length];
            RawPdu pdu = make(kind);
            Wire wire = Wire.of(pdu);
            Place place;
            do {
                place = Place.values()[random.nextInt(Place.values().length)];
            } while (!wire.has(place));
            flip(wire.bytes(), wire.begin(place), wire.end(place));
            if (place == Place.DATA || place == Place.DATA_DIGEST) {
                expectRejected(wire, kind, pdu);
            } else {
                expectClosed(wire, kind + " " + place);
            }
            found++;
            assertUntouched(server);
        }
        assertEquals(PDUS, found);
    }

    private RawPdu make(Kind kind) throws IOException {
        int length = 4 + random.nextInt(509);
        return switch (kind) {
            case COMMAND -> write(initiator, 0, 1).data(ones(BLOCK));
            case COMMAND_WITH_ADDITIONAL_HEADER ->
                write(initiator, 0, 1)
                        .additional(new byte[] {0, 5, 1, 0, 0, 0, 0, 0})
                        .data(ones(BLOCK));
            case DATA_OUT -> {
                initiator.send(write(initiator, 0, 1));
                yield Exchanges.answer(initiator, initiator.expect(RawPdu.R2T), ones(BLOCK));
            }
            case TEXT -> Exchanges.text(initiator, "X-" + "a".repeat(random.nextInt(50)) + "=1\0");
            case NOP_OUT -> Exchanges.ping(initiator, ones(length));
        };
    }

    private void flip(byte[] bytes, int begin, int end) {
        Set<Integer> bits = new HashSet<>();
        int count = 1 + random.nextInt(MOST_WRONG_BITS);
        while (bits.size() < count) {
            bits.add(8 * begin + random.nextInt(8 * (end - begin)));
        }
        bits.forEach(bit -> bytes[bit / 8] ^= (byte) (1 << bit % 8));
    }

    /** The PDU has not come: it is rejected, a write that needs it fails, and the session goes on. */
    private void expectRejected(Wire wire, Kind kind, RawPdu pdu) throws IOException {
        initiator.sendBytes(wire.bytes());
        initiator.expectReject(DATA_DIGEST_ERROR);
        if (kind == Kind.DATA_OUT) {
            expectSense(initiator, pdu, CRC_ERROR);
        }
        initiator.ping(new byte[1]);
    }

    /** Nothing that a header says can be trusted, so the connection ends; bytes may follow that are taken for the rest of it. */
    private void expectClosed(Wire wire, String what) throws IOException {
        byte[] more = Arrays.copyOf(wire.bytes(), wire.bytes().length + FILLER);
        initiator.sendBytes(more);
        initiator.expectClosed();
        initiator.close();
        assertEquals(what, EndReason.PROTOCOL_ERROR, server.end(++ended).reason());
        login();
    }
}
