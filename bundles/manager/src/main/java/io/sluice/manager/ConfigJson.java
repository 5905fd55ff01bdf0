package io.sluice.manager;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.UnitIdentity;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The JSON form of the configuration. Jackson is known here only. */
final class ConfigJson {

    private static final int VERSION = 1;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .addMixIn(IscsiName.class, NameMixin.class)
            .addMixIn(PortalConfig.class, PortalMixin.class)
            .addMixIn(BackstoreConfig.class, BackstoreMixin.class)
            .addMixIn(TargetConfig.class, TargetMixin.class)
            .addMixIn(LunConfig.class, LunMixin.class)
            .addMixIn(UnitIdentity.class, IdentityMixin.class)
            .build();

    private ConfigJson() {}

    /** The document as a whole. */
    @JsonPropertyOrder({"version", "portals", "backstores", "targets"})
    private record Document(
            @JsonProperty("version") int version,
            @JsonProperty("portals") List<PortalConfig> portals,
            @JsonProperty("backstores") List<BackstoreConfig> backstores,
            @JsonProperty("targets") List<TargetConfig> targets) {}

    private abstract static class NameMixin {
        @JsonCreator
        NameMixin(String value) {}

        @JsonValue
        abstract String value();
    }

    private abstract static class PortalMixin {
        @JsonCreator
        static PortalConfig parse(String text) {
            throw new AssertionError("a mix-in is never called");
        }

        @JsonValue
        @Override
        public abstract String toString();
    }

    private abstract static class BackstoreMixin {
        @JsonCreator
        BackstoreMixin(
                @JsonProperty("name") String name,
                @JsonProperty("type") String type,
                @JsonProperty("sizeBytes") long sizeBytes,
                @JsonProperty("blockSize") int blockSize,
                @JsonProperty("physicalBlockSize") int physicalBlockSize,
                @JsonProperty("thin") boolean thin,
                @JsonProperty("readOnly") boolean readOnly,
                @JsonProperty("removable") boolean removable,
                @JsonProperty("identity") UnitIdentity identity,
                @JsonProperty("options") Map<String, String> options) {}
    }

    private abstract static class TargetMixin {
        @JsonCreator
        TargetMixin(
                @JsonProperty("name") IscsiName name,
                @JsonProperty("enabled") boolean enabled,
                @JsonProperty("luns") List<LunConfig> luns) {}
    }

    private abstract static class LunMixin {
        @JsonCreator
        LunMixin(
                @JsonProperty("lun") int lun,
                @JsonProperty("backstore") String backstore,
                @JsonProperty("readOnly") boolean readOnly) {}
    }

    private abstract static class IdentityMixin {
        @JsonCreator
        IdentityMixin(@JsonProperty("naa") String naa, @JsonProperty("serial") String serial) {}
    }

    static byte[] write(GatewayConfig config) {
        try {
            return MAPPER.writeValueAsBytes(
                    new Document(VERSION, config.portals(), config.backstores(), config.targets()));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("records of plain values cannot fail to be written", impossible);
        }
    }

    /** @throws ConfigException with the place and the reason */
    static GatewayConfig read(byte[] json) throws ConfigException {
        try {
            Document document = MAPPER.readValue(json, Document.class);
            if (document == null || document.version != VERSION) {
                throw new ConfigException("its version is not " + VERSION);
            }
            return new GatewayConfig(document.portals, document.backstores, document.targets);
        } catch (ValueInstantiationException refused) {
            throw new ConfigException(place(refused) + rootMessage(refused), refused);
        } catch (JsonMappingException misfit) {
            throw new ConfigException(place(misfit) + firstLine(misfit.getOriginalMessage()), misfit);
        } catch (JsonProcessingException torn) {
            String line = torn.getLocation() == null
                    ? ""
                    : "line " + torn.getLocation().getLineNr() + ": ";
            throw new ConfigException(line + firstLine(torn.getOriginalMessage()), torn);
        } catch (IllegalArgumentException refused) {
            throw new ConfigException(refused.getMessage(), refused);
        } catch (IOException failed) {
            throw new ConfigException(failed.getMessage(), failed);
        }
    }

    private static String place(JsonMappingException misfit) {
        StringBuilder place = new StringBuilder();
        for (JsonMappingException.Reference reference : misfit.getPath()) {
            if (reference.getFieldName() != null) {
                place.append(place.isEmpty() ? "" : ".").append(reference.getFieldName());
            } else {
                place.append('[').append(reference.getIndex()).append(']');
            }
        }
        return place.isEmpty() ? "" : place + ": ";
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return firstLine(String.valueOf(root.getMessage()));
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
