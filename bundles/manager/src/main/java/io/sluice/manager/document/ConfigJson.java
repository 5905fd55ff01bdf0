package io.sluice.manager.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.sluice.backstore.BlockGeometry;
import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LayerConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.RedirectConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TargetPortConfig;
import io.sluice.config.UnitIdentity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The JSON form of the configuration. */
final class ConfigJson {

    private static final int VERSION = 1;

    private static final JsonMapper MAPPER = AccessJson.addTo(JsonMapper.builder())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual, text -> text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
            .addMixIn(IscsiName.class, NameMixin.class)
            .addMixIn(LayerConfig.class, LayerMixin.class)
            .addMixIn(TargetConfig.class, TargetMixin.class)
            .addMixIn(AccessState.class, AccessStateMixin.class)
            .addMixIn(LunConfig.class, LunMixin.class)
            .addMixIn(UnitIdentity.class, IdentityMixin.class)
            .build();

    /** Twice what 10,000 targets have with a disk and an initiator each. In memory a value has many times the bytes of its text. */
    private static final int MOST_TOKENS = 2_000_000;

    /** Makes trees of documents that others have written. Files of the gateway's own are as large as they have become. */
    private static final JsonMapper STRANGE = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final JavaType DOCUMENT =
            MAPPER.getTypeFactory().constructParametricType(Document.class, AccessJson.Portal.class);

    private ConfigJson() {}

    /**
     * The document as a whole.
     *
     * @param <P> portals: as they are read, or as they are written
     */
    @JsonPropertyOrder({"version", "part", "portals", "backstores", "targets", "initiators", "groups", "security"})
    private record Document<P>(
            @JsonProperty(value = "version", required = true) int version,
            @JsonProperty(value = "part", required = true) @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean part,
            @JsonProperty(value = "portals", required = true) List<P> portals,
            @JsonProperty(value = "backstores", required = true) List<Backstore> backstores,
            @JsonProperty(value = "targets", required = true) List<TargetConfig> targets,
            @JsonProperty("initiators") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<InitiatorConfig> initiators,
            @JsonProperty("groups") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<InitiatorGroupConfig> groups,
            @JsonProperty("security") @JsonInclude(JsonInclude.Include.NON_NULL) SecurityConfig security) {}

    /**
     * What a document says.
     *
     * @param config everything, with what the document leaves out filled in
     * @param drawn whether a backstore in it has got its identity just now
     */
    record Reading(GatewayConfig config, boolean drawn) {}

    private abstract static class NameMixin {
        @JsonCreator
        NameMixin(String value) {}

        @JsonValue
        abstract String value();
    }

    /** A backstore as the document has it; layers are left out when there are none, and so is a write-through that is not asked for. */
    @JsonPropertyOrder({
        "name",
        "type",
        "sizeBytes",
        "blockSize",
        "physicalBlockSize",
        "thin",
        "readOnly",
        "removable",
        "unmap",
        "writeThrough",
        "thresholdPercent",
        "identity",
        "options",
        "layers"
    })
    private record Backstore(
            @JsonProperty(value = "name", required = true) String name,
            @JsonProperty(value = "type", required = true) String type,
            @JsonProperty(value = "sizeBytes", required = true) long sizeBytes,
            @JsonProperty(value = "blockSize", required = true) int blockSize,
            @JsonProperty(value = "physicalBlockSize", required = true) int physicalBlockSize,
            @JsonProperty(value = "thin", required = true) boolean thin,
            @JsonProperty(value = "readOnly", required = true) boolean readOnly,
            @JsonProperty(value = "removable", required = true) boolean removable,
            @JsonProperty(value = "unmap", required = true) boolean unmap,
            @JsonProperty(value = "writeThrough", required = true) @JsonInclude(JsonInclude.Include.NON_DEFAULT)
                    boolean writeThrough,
            @JsonProperty(value = "thresholdPercent", required = true) int thresholdPercent,
            @JsonProperty(value = "identity", required = true) UnitIdentity identity,
            @JsonProperty(value = "options", required = true) Map<String, String> options,
            @JsonProperty(value = "layers", required = true) @JsonInclude(JsonInclude.Include.NON_EMPTY)
                    List<LayerConfig> layers) {

        static Backstore of(BackstoreConfig config) {
            return new Backstore(
                    config.name(),
                    config.type(),
                    config.sizeBytes(),
                    config.blockSize(),
                    config.physicalBlockSize(),
                    config.thin(),
                    config.readOnly(),
                    config.removable(),
                    config.unmap(),
                    config.writeThrough(),
                    config.thresholdPercent(),
                    config.identity(),
                    config.options(),
                    config.layers());
        }

        /** A builder takes a size of 0, which a request may have and a document may not. */
        BackstoreConfig config() {
            new BlockGeometry(1, blockSize, physicalBlockSize);
            BackstoreConfig config = BackstoreConfig.builder(name, type)
                    .sizeBytes(sizeBytes)
                    .blockSize(blockSize)
                    .physicalBlockSize(physicalBlockSize)
                    .thin(thin)
                    .readOnly(readOnly)
                    .removable(removable)
                    .unmap(unmap)
                    .writeThrough(writeThrough)
                    .thresholdPercent(thresholdPercent)
                    .identity(identity)
                    .options(options)
                    .layers(layers)
                    .build();
            new BlockGeometry(sizeBytes / blockSize, blockSize, physicalBlockSize);
            return config;
        }
    }

    private abstract static class LayerMixin {
        @JsonCreator
        LayerMixin(
                @JsonProperty(value = "type", required = true) String type,
                @JsonProperty(value = "options", required = true) Map<String, String> options) {}
    }

    private abstract static class TargetMixin {
        @JsonCreator
        TargetMixin(
                @JsonProperty(value = "name", required = true) IscsiName name,
                @JsonProperty(value = "enabled", required = true) boolean enabled,
                @JsonProperty(value = "accessState", required = true) AccessState accessState,
                @JsonProperty(value = "luns", required = true) List<LunConfig> luns,
                @JsonProperty("grants") List<GrantConfig> grants,
                @JsonProperty("portalGroups") List<Integer> portalGroups,
                @JsonProperty("ports") List<TargetPortConfig> ports,
                @JsonProperty("redirect") RedirectConfig redirect) {}

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        abstract List<GrantConfig> grants();

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        abstract List<Integer> portalGroups();

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        abstract List<TargetPortConfig> ports();

        @JsonInclude(JsonInclude.Include.NON_NULL)
        abstract RedirectConfig redirect();
    }

    private abstract static class AccessStateMixin {
        @JsonValue
        abstract String label();

        @JsonCreator
        static AccessState parse(String label) {
            throw new UnsupportedOperationException();
        }
    }

    private abstract static class LunMixin {
        @JsonCreator
        LunMixin(
                @JsonProperty(value = "lun", required = true) int lun,
                @JsonProperty(value = "backstore", required = true) String backstore,
                @JsonProperty(value = "readOnly", required = true) boolean readOnly) {}
    }

    private abstract static class IdentityMixin {
        @JsonCreator
        IdentityMixin(
                @JsonProperty(value = "naa", required = true) String naa,
                @JsonProperty(value = "serial", required = true) String serial) {}
    }

    static byte[] write(GatewayConfig config) {
        try {
            return MAPPER.writeValueAsBytes(document(config, false));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("records of plain values cannot fail to be written", impossible);
        }
    }

    /**
     * Writes a document that says everything of its backstores: one in which something is left out would leave that as it is when
     * it is read again.
     *
     * @param part whether it says that it is a part
     */
    static byte[] writeWhole(GatewayConfig config, boolean part) {
        ObjectNode tree = MAPPER.valueToTree(document(config, part));
        tree.path("backstores").forEach(Defaults::unsaid);
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree cannot fail to be written", impossible);
        }
    }

    /** Writes a value in one line. */
    static String value(Object value) {
        try {
            return MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("records of plain values cannot fail to be written", impossible);
        }
    }

    private static Document<Object> document(GatewayConfig config, boolean part) {
        return new Document<>(
                VERSION,
                part,
                config.portals().stream().map(AccessJson.Portal::of).toList(),
                config.backstores().stream().map(Backstore::of).toList(),
                config.targets(),
                config.initiators(),
                config.groups(),
                config.security().equals(SecurityConfig.DEFAULT) ? null : config.security());
    }

    /**
     * Reads a document that says everything.
     *
     * @param known what there is already; a field that the document leaves out of one of its backstores stays as it is
     * @throws ConfigException with the place and the reason; the message goes behind the name of the document
     */
    static Reading read(byte[] json, GatewayConfig known) throws ConfigException {
        return read(MAPPER, json, known, (said, part) -> {
            if (part) {
                throw new IllegalArgumentException("it says that it is a part: only gateway:apply FILE takes such");
            }
            return said.config();
        });
    }

    /** Makes a configuration of what a document says. */
    @FunctionalInterface
    interface Whole {
        GatewayConfig of(Said said, boolean part);
    }

    /** As the other one, for a document that may be a part of a configuration, and that anybody may have written. */
    static Reading read(byte[] json, GatewayConfig known, Whole whole) throws ConfigException {
        return read(STRANGE, json, known, whole);
    }

    private static Reading read(JsonMapper trees, byte[] json, GatewayConfig known, Whole whole)
            throws ConfigException {
        try {
            if (!(trees.readTree(json) instanceof ObjectNode tree)) {
                throw new IllegalArgumentException("it is not a JSON object");
            }
            Nulls.refuse(tree);
            Defaults defaults = new Defaults(
                    known.backstores().stream()
                            .collect(Collectors.toMap(
                                    BackstoreConfig::name, config -> MAPPER.valueToTree(Backstore.of(config)))),
                    known.targets().stream()
                            .collect(Collectors.toMap(
                                    target -> target.name().value(), target -> MAPPER.valueToTree(target.ports()))));
            defaults.fill(tree);
            Document<AccessJson.Portal> document = MAPPER.treeToValue(tree, DOCUMENT);
            if (document.version != VERSION) {
                throw new IllegalArgumentException("its version is not " + VERSION);
            }
            Said said = new Said(
                    configs("portals", document.portals, AccessJson.Portal::config),
                    configs("backstores", document.backstores, Backstore::config),
                    document.targets,
                    document.initiators,
                    document.groups,
                    document.security);
            GatewayConfig config = whole.of(said, document.part);
            Identities.refuseDuplicates(config.backstores());
            return new Reading(config, defaults.drawn());
        } catch (StreamConstraintsException tooMuch) {
            throw invalid("it has too many values, or one that is too long or too deep", tooMuch);
        } catch (ValueInstantiationException refused) {
            throw invalid(Misfits.place(refused) + Misfits.rootMessage(refused), refused);
        } catch (UnrecognizedPropertyException unknown) {
            throw invalid(Misfits.place(unknown) + "there is no such field", unknown);
        } catch (JsonMappingException misfit) {
            throw invalid(Misfits.place(misfit) + Misfits.reason(misfit), misfit);
        } catch (JsonProcessingException torn) {
            String reason = Misfits.torn(torn);
            throw invalid(reason, new IOException(reason));
        } catch (IllegalArgumentException refused) {
            throw invalid(refused.getMessage(), refused);
        } catch (IOException failed) {
            throw invalid(failed.getMessage(), failed);
        }
    }

    private static ConfigException invalid(String reason, Exception cause) {
        return new ConfigException("is not valid: " + reason, cause);
    }

    private static <D, C> List<C> configs(String list, List<D> documented, Function<D, C> config) {
        List<C> configs = new ArrayList<>();
        for (int i = 0; i < documented.size(); i++) {
            try {
                configs.add(config.apply(documented.get(i)));
            } catch (IllegalArgumentException refused) {
                throw new IllegalArgumentException(list + "[" + i + "]: " + refused.getMessage(), refused);
            }
        }
        return configs;
    }
}
