package io.sluice.manager.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.config.AccessState;
import io.sluice.config.ChapAlgorithm;
import io.sluice.config.ChapConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.LimitConfig;
import io.sluice.config.LunView;
import io.sluice.config.Network;
import io.sluice.config.PortalConfig;
import io.sluice.config.RedirectConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetPortConfig;
import java.util.List;

/** The JSON form of who may use what. What says nothing is left out. */
final class AccessJson {

    private AccessJson() {}

    static JsonMapper.Builder addTo(JsonMapper.Builder mapper) {
        return mapper.addMixIn(Network.class, NetworkMixin.class)
                .addMixIn(ChapAlgorithm.class, AlgorithmMixin.class)
                .addMixIn(ChapConfig.class, ChapMixin.class)
                .addMixIn(InitiatorConfig.class, InitiatorMixin.class)
                .addMixIn(LimitConfig.class, LimitMixin.class)
                .addMixIn(InitiatorGroupConfig.class, GroupMixin.class)
                .addMixIn(SecurityConfig.class, SecurityMixin.class)
                .addMixIn(LunView.class, ViewMixin.class)
                .addMixIn(GrantConfig.class, GrantMixin.class)
                .addMixIn(TargetPortConfig.class, PortMixin.class)
                .addMixIn(RedirectConfig.class, RedirectMixin.class);
    }

    /** A portal; one of which only the address is said is a text. */
    @JsonPropertyOrder({"address", "group", "announce", "openToAll"})
    record Portal(
            @JsonProperty(value = "address", required = true) String address,
            @JsonProperty(value = "group", required = true) int group,
            @JsonProperty(value = "announce", required = true) String announce,
            @JsonProperty(value = "openToAll", required = true) boolean openToAll) {

        static Object of(PortalConfig config) {
            PortalConfig plain = new PortalConfig(config.host(), config.port());
            return config.equals(plain)
                    ? config.address()
                    : new Portal(config.address(), config.group(), config.announce(), config.openToAll());
        }

        PortalConfig config() {
            PortalConfig plain = PortalConfig.parse(address);
            return new PortalConfig(plain.host(), plain.port(), group, announce, openToAll);
        }
    }

    private abstract static class NetworkMixin {
        @JsonCreator
        static Network parse(String text) {
            throw new AssertionError("a mix-in is never called");
        }

        @JsonValue
        @Override
        public abstract String toString();
    }

    private abstract static class AlgorithmMixin {
        @JsonCreator
        static ChapAlgorithm parse(String label) {
            throw new AssertionError("a mix-in is never called");
        }

        @JsonValue
        abstract String label();
    }

    private abstract static class ChapMixin {
        @JsonCreator
        ChapMixin(
                @JsonProperty(value = "user", required = true) String user,
                @JsonProperty(value = "secret", required = true) String secret) {}
    }

    private abstract static class InitiatorMixin {
        @JsonCreator
        InitiatorMixin(
                @JsonProperty(value = "name", required = true) String name,
                @JsonProperty(value = "names") List<String> names,
                @JsonProperty(value = "addresses") List<Network> addresses,
                @JsonProperty(value = "chap") ChapConfig chap,
                @JsonProperty(value = "mutual") ChapConfig mutual,
                @JsonProperty(value = "limits") LimitConfig limits) {}

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        abstract List<String> names();

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        abstract List<Network> addresses();

        @JsonInclude(JsonInclude.Include.NON_NULL)
        abstract ChapConfig chap();

        @JsonInclude(JsonInclude.Include.NON_NULL)
        abstract ChapConfig mutual();

        @JsonInclude(JsonInclude.Include.NON_NULL)
        abstract LimitConfig limits();
    }

    private abstract static class LimitMixin {
        @JsonCreator
        LimitMixin(
                @JsonProperty(value = "iops") long iops,
                @JsonProperty(value = "bandwidthBytes") long bandwidthBytes,
                @JsonProperty(value = "burstMillis") int burstMillis) {}

        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        abstract long iops();

        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        abstract long bandwidthBytes();
    }

    private abstract static class GroupMixin {
        @JsonCreator
        GroupMixin(
                @JsonProperty(value = "name", required = true) String name,
                @JsonProperty(value = "members", required = true) List<String> members) {}
    }

    private abstract static class SecurityMixin {
        @JsonCreator
        SecurityMixin(
                @JsonProperty(value = "algorithms") List<ChapAlgorithm> algorithms,
                @JsonProperty(value = "discoveryChap") boolean discoveryChap) {}
    }

    private abstract static class ViewMixin {
        @JsonCreator
        ViewMixin(
                @JsonProperty(value = "lun", required = true) int lun,
                @JsonProperty(value = "of", required = true) int of,
                @JsonProperty(value = "readOnly") boolean readOnly) {}

        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        abstract boolean readOnly();
    }

    private abstract static class GrantMixin {
        @JsonCreator
        GrantMixin(
                @JsonProperty(value = "initiator", required = true) String initiator,
                @JsonProperty(value = "luns") List<LunView> luns,
                @JsonProperty(value = "readOnly") boolean readOnly,
                @JsonProperty(value = "manage") boolean manage) {}

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        abstract List<LunView> luns();

        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        abstract boolean readOnly();

        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        abstract boolean manage();
    }

    private abstract static class PortMixin {
        @JsonCreator
        PortMixin(
                @JsonProperty(value = "group", required = true) int group,
                @JsonProperty(value = "number", required = true) int number,
                @JsonProperty(value = "accessState") AccessState accessState) {}

        @JsonInclude(JsonInclude.Include.NON_NULL)
        abstract AccessState accessState();
    }

    private abstract static class RedirectMixin {
        @JsonCreator
        RedirectMixin(
                @JsonProperty(value = "address", required = true) String address,
                @JsonProperty(value = "permanent") boolean permanent) {}
    }
}
