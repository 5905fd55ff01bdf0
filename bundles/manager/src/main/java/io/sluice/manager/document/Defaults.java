package io.sluice.manager.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.config.AccessState;
import io.sluice.config.LimitConfig;
import io.sluice.config.UnitIdentity;
import java.util.Locale;
import java.util.Map;

/**
 * Fills in what a document leaves out. Of a backstore that is known already it is what that has, so that nothing of it changes
 * unless the document says so; everything else has a default. What is there is not looked at: it is checked when it is read.
 */
final class Defaults {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, ObjectNode> known;
    private final Map<String, JsonNode> knownPorts;
    private boolean drawn;

    /**
     * @param known the backstores that there are, whole, by their names
     * @param knownPorts the ports of the targets that there are, by the names of these as they are compared
     */
    Defaults(Map<String, ObjectNode> known, Map<String, JsonNode> knownPorts) {
        this.known = known;
        this.knownPorts = knownPorts;
    }

    /** Returns whether a backstore was given an identity, which no other reading of the same document would give it. */
    boolean drawn() {
        return drawn;
    }

    void fill(ObjectNode document) {
        absent(document, "part", JSON.booleanNode(false));
        for (String list : new String[] {"portals", "backstores", "targets"}) {
            absent(document, list, JSON.arrayNode());
        }
        if (document.get("portals") instanceof ArrayNode portals) {
            fillPortals(portals);
        }
        document.get("backstores").forEach(this::fillBackstore);
        document.get("targets").forEach(this::fillTarget);
        document.path("initiators").forEach(initiator -> fillLimits(initiator.path("limits")));
        absent(document.path("security"), "discoveryChap", JSON.booleanNode(false));
    }

    /** What is not written because it is usual, and what a reader would take from a backstore that is known. */
    static void unsaid(JsonNode backstore) {
        absent(backstore, "writeThrough", JSON.booleanNode(false));
        absent(backstore, "layers", JSON.arrayNode());
    }

    private static void fillPortals(ArrayNode portals) {
        for (int i = 0; i < portals.size(); i++) {
            if (portals.get(i).isTextual()) {
                portals.set(i, JSON.objectNode().set("address", portals.get(i)));
            }
            absent(portals.get(i), "group", JSON.numberNode(1));
            absent(portals.get(i), "announce", JSON.textNode(""));
            absent(portals.get(i), "openToAll", JSON.booleanNode(false));
        }
    }

    private void fillBackstore(JsonNode node) {
        if (!(node instanceof ObjectNode backstore)) {
            return;
        }
        ObjectNode present = known.get(backstore.path("name").asText());
        if (present != null && present.get("type").equals(backstore.get("type"))) {
            present.properties().forEach(field -> absent(backstore, field.getKey(), field.getValue()));
        }
        absent(backstore, "blockSize", JSON.numberNode(512));
        absent(backstore, "physicalBlockSize", backstore.get("blockSize"));
        absent(backstore, "thin", JSON.booleanNode(true));
        absent(backstore, "readOnly", JSON.booleanNode(false));
        absent(backstore, "removable", JSON.booleanNode(false));
        absent(backstore, "unmap", backstore.get("thin"));
        absent(backstore, "writeThrough", JSON.booleanNode(false));
        absent(backstore, "thresholdPercent", JSON.numberNode(0));
        absent(backstore, "options", JSON.objectNode());
        absent(backstore, "layers", JSON.arrayNode());
        backstore.get("layers").forEach(layer -> absent(layer, "options", JSON.objectNode()));
        if (!backstore.has("identity")) {
            UnitIdentity identity = UnitIdentity.random();
            backstore.putObject("identity").put("naa", identity.naa()).put("serial", identity.serial());
            drawn = true;
        }
    }

    private void fillTarget(JsonNode target) {
        absent(target, "enabled", JSON.booleanNode(true));
        absent(target, "accessState", JSON.textNode(AccessState.ACTIVE_OPTIMIZED.label()));
        absent(target, "luns", JSON.arrayNode());
        // Hosts know a port by its number, which therefore does not change because nobody has written it down.
        JsonNode ports = knownPorts.get(folded(target.path("name").asText()));
        if (ports != null) {
            absent(target, "ports", ports);
        }
        target.path("grants").forEach(grant -> {
            absent(grant, "readOnly", JSON.booleanNode(false));
            absent(grant, "manage", JSON.booleanNode(false));
            grant.path("luns").forEach(view -> {
                absent(view, "of", view.path("lun"));
                absent(view, "readOnly", JSON.booleanNode(false));
            });
        });
        absent(target.path("redirect"), "permanent", JSON.booleanNode(false));
        target.path("luns").forEach(lun -> absent(lun, "readOnly", JSON.booleanNode(false)));
    }

    /** Names of targets are the same whatever the case of their letters (RFC 3722). */
    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static void fillLimits(JsonNode limits) {
        absent(limits, "iops", JSON.numberNode(0));
        absent(limits, "bandwidthBytes", JSON.numberNode(0));
        absent(limits, "burstMillis", JSON.numberNode(LimitConfig.USUAL_BURST_MILLIS));
    }

    private static void absent(JsonNode node, String field, JsonNode value) {
        if (node instanceof ObjectNode object && !object.has(field)) {
            object.set(field, value);
        }
    }
}
