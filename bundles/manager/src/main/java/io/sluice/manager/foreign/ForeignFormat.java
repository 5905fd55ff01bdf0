package io.sluice.manager.foreign;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.management.ConfigurationManagement;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Whose configurations can be read. Nothing of what is in them is believed, and what is not understood is said. */
public enum ForeignFormat {
    /** The {@code config.json} of gotgt. */
    GOTGT("gotgt", GotgtReader::new),
    /** The {@code saveconfig.json} of targetcli and rtslib. */
    TARGETCLI("targetcli", TargetcliReader::new);

    private static final int MOST_LEVELS = 32;

    /** Some thousand targets with all that is said of each. In memory a value has many times the bytes of its text. */
    private static final int MOST_TOKENS = 2_000_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_LEVELS)
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Reads what is in a document. */
    interface Reader {
        void read(ObjectNode document);
    }

    /** Makes a reader. */
    interface Readers {
        Reader of(Taken taken, StorageSizes sizes);
    }

    private final String label;
    private final Readers readers;

    ForeignFormat(String label, Readers readers) {
        this.label = label;
        this.readers = readers;
    }

    /** Returns the format that users call so. */
    public static ForeignFormat of(String label) throws ConfigException {
        for (ForeignFormat format : values()) {
            if (format.label.equals(label)) {
                return format;
            }
        }
        String reason = "there is no format '" + label.replaceAll("[\\p{C}]", "?") + "': "
                + Arrays.stream(values()).map(format -> format.label).collect(Collectors.joining(" and "))
                + " are known";
        throw new ConfigException(reason, new IllegalArgumentException(reason));
    }

    /**
     * Reads a document.
     *
     * @param present what there is here already
     * @throws ConfigException if it is no such document; the message has nothing of it, because there may be secrets in it
     */
    public ForeignDocument read(String text, GatewayConfig present, StorageSizes sizes) throws ConfigException {
        if (text.length() > ConfigurationManagement.MAX_BYTES) {
            throw refused("is larger than " + ConfigurationManagement.MAX_BYTES + " bytes");
        }
        try {
            String json = text.startsWith("\uFEFF") ? text.substring(1) : text;
            if (MAPPER.readTree(json) instanceof ObjectNode document) {
                Taken taken = new Taken(present);
                readers.of(taken, sizes).read(document);
                return taken.document();
            }
            throw refused("is no JSON object");
        } catch (StreamConstraintsException tooMuch) {
            throw refused("has too many values, or one that is too long or too deep");
        } catch (JsonProcessingException torn) {
            throw refused("is not JSON, or has a key twice"
                    + (torn.getLocation() == null
                            ? ""
                            : " (line " + torn.getLocation().getLineNr() + ", column "
                                    + torn.getLocation().getColumnNr() + ")"));
        }
    }

    private ConfigException refused(String why) {
        String reason = "the document of " + label + " " + why;
        return new ConfigException(reason, new IllegalArgumentException(reason));
    }
}
