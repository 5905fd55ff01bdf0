package io.sluice.manager.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.scsi.UnitState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The JSON form of a unit's state, with a version, and a checksum over the rest. A document that an operator has edited and that is to be
 * believed has none.
 */
final class StateJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .addMixIn(UnitState.class, OfThisGatewayAlone.class)
            .build();
    private static final String CHECKSUM = "checksum";
    private static final String VERSION = "version";
    private static final String GENERATION = "generation";

    /** The only one that there is. */
    private static final int NOW = 1;

    /** The types of persistent reservations (SPC-5 6.13.3.3); of the last two, all registrants are holders. */
    private static final Set<Integer> TYPES = Set.of(1, 3, 5, 6, 7, 8);

    private static final Set<Integer> HELD_BY_ALL = Set.of(7, 8);
    private static final int ALL = -1;

    private StateJson() {}

    /** What only a unit has that another gateway has too is not said of others. */
    private interface OfThisGatewayAlone {

        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        int generation();
    }

    /** A document is no state of a unit. */
    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static byte[] write(UnitState state) {
        try {
            ObjectNode document = MAPPER.createObjectNode();
            ObjectNode rest = MAPPER.createObjectNode().put(VERSION, NOW);
            rest.setAll(MAPPER.<ObjectNode>valueToTree(state));
            document.put(CHECKSUM, checksum(rest));
            document.setAll(rest);
            return MAPPER.writeValueAsBytes(document);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("records of plain values cannot fail to be written", impossible);
        }
    }

    /** @throws InvalidException if it cannot be taken for what was saved; the message says why */
    static UnitState read(byte[] json) throws InvalidException {
        UnitState state = readShared(json);
        if (state.reservation() != null && !state.persistThroughPowerLoss()) {
            throw new InvalidException("it has a reservation that was not to be kept", null);
        }
        return state;
    }

    /** As {@link #read}, of a unit that another gateway has too: it has also what does not survive a loss of power. */
    static UnitState readShared(byte[] json) throws InvalidException {
        UnitState state;
        try {
            if (!(MAPPER.readTree(json) instanceof ObjectNode document)) {
                throw new InvalidException("it is no JSON object", null);
            }
            JsonNode expected = document.remove(CHECKSUM);
            if (expected != null && !expected.asText().equals(checksum(document))) {
                throw new InvalidException("its checksum is wrong", null);
            }
            JsonNode version = document.remove(VERSION);
            if (version == null || !version.isInt() || version.intValue() != NOW) {
                throw new InvalidException("its version is not " + NOW, null);
            }
            if (!document.has("registrations") || !document.has("reservation")) {
                throw new InvalidException("it says nothing of reservations", null);
            }
            if (!document.has(GENERATION)) {
                document.put(GENERATION, 0);
            }
            state = MAPPER.treeToValue(document, UnitState.class);
        } catch (JsonProcessingException torn) {
            throw new InvalidException("it is not whole, or says what no state can", torn);
        } catch (IOException | RuntimeException refused) {
            throw new InvalidException(firstLine(String.valueOf(refused.getMessage())), refused);
        }
        requireConsistent(state);
        return state;
    }

    /** Numbers and order are those of the document, so that spaces are all that may differ. */
    private static String checksum(ObjectNode rest) {
        CRC32C checksum = new CRC32C();
        checksum.update(rest.toString().getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", checksum.getValue());
    }

    /** A reservation that cannot be understood must not be dropped: others would write. */
    private static void requireConsistent(UnitState state) throws InvalidException {
        UnitState.Reservation reservation = state.reservation();
        if (reservation == null) {
            return;
        }
        if (!TYPES.contains(reservation.type())) {
            throw new InvalidException("a reservation of the type " + reservation.type() + " is not known", null);
        }
        boolean all = HELD_BY_ALL.contains(reservation.type())
                && reservation.holder() == ALL
                && !state.registrations().isEmpty();
        boolean one = reservation.holder() >= 0
                && reservation.holder() < state.registrations().size();
        if (!all && !one) {
            throw new InvalidException("its reservation has no holder", null);
        }
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
