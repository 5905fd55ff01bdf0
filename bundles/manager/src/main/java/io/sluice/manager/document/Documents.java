package io.sluice.manager.document;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.ConfigurationManagement;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Configurations as texts that go from hand to hand. Of secrets there are the names. */
public final class Documents {

    private Documents() {}

    /**
     * Reads a document.
     *
     * @param present the configuration in use: what a document leaves out of backstores that there are is as it is now
     * @param merge whether what it does not name stays; it does, too, if the document says that it is a part
     * @return the whole configuration that is asked for
     * @throws ConfigException if it is no such document, with the place and the reason
     */
    public static GatewayConfig read(String text, GatewayConfig present, boolean merge) throws ConfigException {
        byte[] bytes = bytes(text);
        try {
            return ConfigJson.read(
                            bytes, present, (said, part) -> merge || part ? said.addedTo(present) : said.config())
                    .config();
        } catch (ConfigException invalid) {
            // Refused for what it says, and not for how things are: whoever sends it has to change it.
            throw new ConfigException(
                    "the document " + invalid.getMessage() + ", and nothing was changed",
                    new IllegalArgumentException(invalid));
        }
    }

    /** Returns the bytes of a document, which is not too large. */
    static byte[] bytes(String text) throws ConfigException {
        byte[] bytes = text.length() > ConfigurationManagement.MAX_BYTES ? null : text.getBytes(StandardCharsets.UTF_8);
        if (bytes == null || bytes.length > ConfigurationManagement.MAX_BYTES) {
            String reason = "the document is larger than " + ConfigurationManagement.MAX_BYTES + " bytes";
            throw new ConfigException(reason, new IllegalArgumentException(reason));
        }
        return bytes;
    }

    /** Writes everything. */
    public static String write(GatewayConfig config) {
        return text(ConfigJson.writeWhole(config, false));
    }

    /**
     * Writes a target and what it needs, as a part. Its ports are left out: their numbers are unique in a gateway, and this may be
     * for another one.
     */
    public static String write(GatewayConfig config, TargetConfig target) {
        Set<String> stores = new HashSet<>();
        target.luns().stream().map(LunConfig::backstore).forEach(stores::add);
        Set<String> grantees = new HashSet<>();
        target.grants().stream().map(GrantConfig::initiator).forEach(grantees::add);
        List<InitiatorGroupConfig> groups = config.groups().stream()
                .filter(group -> grantees.contains(group.name()))
                .toList();
        groups.forEach(group -> grantees.addAll(group.members()));
        List<BackstoreConfig> backstores = config.backstores().stream()
                .filter(store -> stores.contains(store.name()))
                .toList();
        GatewayConfig part = new GatewayConfig(
                List.of(),
                backstores,
                List.of(target.withPorts(List.of())),
                config.initiators().stream()
                        .filter(host -> grantees.contains(host.name()))
                        .toList(),
                groups,
                null);
        return text(ConfigJson.writeWhole(part, true));
    }

    /** Writes a value of a configuration as a document has it, but a text without quotes. */
    public static String value(Object value) {
        return value instanceof String text ? text : ConfigJson.value(value);
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8) + "\n";
    }
}
